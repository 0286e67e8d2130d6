/** Lists of our own in the forms of others, with addresses that mean nothing. */
import { bitcoinAddresses, etherAddresses } from "./fixtures.ts";

const [satoshi, second, third, segwit] = bitcoinAddresses;
const [ether] = etherAddresses;

export const tagPack = `%YAML 1.2
---
title: A pack
creator: Somebody
description: 'Several
  lines.'
is_cluster_definer: true
confidence: service_data
category: exchange
currency: BTC
label: Some exchange
source: https://example.org/list
lastmod: 2022-10-12T10:11:12
actor: someexchange
# the list
tags:
- address: ${satoshi}
- address: '${segwit}'
  label: "A shop: with a colon"
  colour: red
  category: shop
  abuse: phishing
  concepts:
  - victim
  - donation
  confidence: authority_data
  source: A letter
  is_cluster_definer: false
  context: '{"a": "b

    c"}'
- address: '${ether}'
  currency: ETH
  label: on Ethereum
- tx_hash: ${"AB".repeat(32)}
  label: a transaction
- address: 1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu
  network: BCH
  label: on a fork
- address: ${satoshi.slice(0, -1)}b

- address: 48anything
  currency: XMR
`;

export const actorPack = `%YAML 1.1
---
title: Some actors
creator: Somebody
lastmod: '2023-02-17'
actors:
- id: someexchange
  label: Some Exchange
  jurisdictions:
  - JP
  categories:
  - exchange
  uri: some.example
  context:
    aliases:
    - sx
    year_established: 2017
  aliases:
  - ex-change
- id: lazarusgroup
  label: Lazarus Group
  uri: https://example.org
  categories: [ransomware]
- id: mixer
  label: ZINC
  uri: mixer.example
  categories:
  - mixing_service
- label: without an id
`;

export const ofacClassic = `<?xml version="1.0" standalone="yes"?>
<sdnList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
  <publshInformation>
    <Publish_Date>08/20/2026</Publish_Date>
    <Record_Count>3</Record_Count>
  </publshInformation>
  <sdnEntry>
    <uid>5</uid>
    <lastName>LAZARUS GROUP</lastName>
    <sdnType>Entity</sdnType>
    <programList>
      <program>DPRK3</program>
      <program>CYBER2</program>
    </programList>
    <idList>
      <id>
        <uid>51</uid>
        <idType>Digital Currency Address - ETH</idType>
        <idNumber>${ether.toLowerCase()}</idNumber>
      </id>
      <id>
        <uid>52</uid>
        <idType>Secondary sanctions risk:</idType>
        <idNumber>North Korea Sanctions Regulations</idNumber>
      </id>
    </idList>
    <akaList>
      <aka>
        <uid>53</uid>
        <type>a.k.a.</type>
        <category>strong</category>
        <lastName>HIDDEN COBRA</lastName>
      </aka>
    </akaList>
  </sdnEntry>
  <sdnEntry>
    <uid>6</uid>
    <lastName>A COMPANY &amp; SONS</lastName>
    <sdnType>Entity</sdnType>
    <programList><program>CUBA</program></programList>
  </sdnEntry>
  <sdnEntry>
    <uid>7</uid>
    <firstName>Ivan</firstName>
    <lastName>PERSON</lastName>
    <sdnType>Individual</sdnType>
    <programList><program>CYBER2</program></programList>
    <idList>
      <id><uid>71</uid><idType>Digital Currency Address - XBT</idType><idNumber> ${satoshi} </idNumber></id>
      <id><uid>72</uid><idType>Digital Currency Address - USDT</idType><idNumber>TJRabPrwbZy45sbavfcjinPJC18kjpRTv8</idNumber></id>
      <id><uid>73</uid><idType>Digital Currency Address - XMR</idType><idNumber>48anything</idNumber></id>
      <id><uid>74</uid><idType>Passport</idType><idNumber>123</idNumber></id>
    </idList>
  </sdnEntry>
</sdnList>
`;

const name = (parts: readonly (readonly [group: number, text: string])[], isPrimary: string): string => `
          <Alias FixedRef="1" AliasTypeID="1403" Primary="${isPrimary}" LowQuality="false">
            <DocumentedName ID="1" FixedRef="1" DocNameStatusID="1">
${parts
  .map(
    ([group, text]) =>
      `              <DocumentedNamePart><NamePartValue NamePartGroupID="${group}" ScriptID="215" ScriptStatusID="1" Acronym="false">${text}</NamePartValue></DocumentedNamePart>`,
  )
  .join("\n")}
            </DocumentedName>
          </Alias>`;

const feature = (type: number, address: string): string => `
        <Feature ID="9${type}" FeatureTypeID="${type}">
          <FeatureVersion ID="1" ReliabilityID="1">
            <Comment />
            <VersionDetail DetailTypeID="1432">${address}</VersionDetail>
          </FeatureVersion>
          <IdentityReference IdentityID="1" IdentityFeatureLinkTypeID="1" />
        </Feature>`;

const entry = (profile: number, programmes: readonly string[]): string => `
    <SanctionsEntry ID="${profile}" ProfileID="${profile}" ListID="1550">
      <EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="1"><Comment>not a programme</Comment><Date CalendarTypeID="1"><Year>2019</Year><Month>9</Month><Day>13</Day></Date></EntryEvent>
      <SanctionsMeasure ID="1" SanctionsTypeID="2"><Comment /></SanctionsMeasure>
${programmes.map((programme) => `      <SanctionsMeasure ID="2" SanctionsTypeID="1"><Comment>${programme}</Comment></SanctionsMeasure>`).join("\n")}
    </SanctionsEntry>`;

export const ofacAdvanced = `<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0" Version="1">
  <DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>8</Month><Day>20</Day></DateOfIssue>
  <ReferenceValueSets>
    <FeatureTypeValues>
      <FeatureType ID="344" FeatureTypeGroupID="1">Digital Currency Address - XBT</FeatureType>
      <FeatureType ID="345" FeatureTypeGroupID="1">Digital Currency Address - ETH</FeatureType>
      <FeatureType ID="887" FeatureTypeGroupID="1">Digital Currency Address - USDT</FeatureType>
      <FeatureType ID="444" FeatureTypeGroupID="1">Digital Currency Address - XMR</FeatureType>
      <FeatureType ID="8" FeatureTypeGroupID="1">Birthdate</FeatureType>
    </FeatureTypeValues>
    <NamePartTypeValues>
      <NamePartType ID="1520">Last Name</NamePartType>
      <NamePartType ID="1521">First Name</NamePartType>
      <NamePartType ID="1525">Entity Name</NamePartType>
    </NamePartTypeValues>
    <PartySubTypeValues>
      <PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
      <PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType>
    </PartySubTypeValues>
    <PartyTypeValues>
      <PartyType ID="1">Individual</PartyType>
      <PartyType ID="2">Entity</PartyType>
    </PartyTypeValues>
    <SanctionsTypeValues>
      <SanctionsType ID="1">Program</SanctionsType>
      <SanctionsType ID="2">Block</SanctionsType>
    </SanctionsTypeValues>
  </ReferenceValueSets>
  <DistinctParties>
    <DistinctParty FixedRef="5">
      <Comment />
      <Profile ID="5" PartySubTypeID="3">
        <Identity ID="1" FixedRef="5" Primary="true" False="false">${name([[1, "HIDDEN COBRA"]], "false")}${name([[1, "LAZARUS GROUP"]], "true")}
          <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="1" NamePartTypeID="1525" /></MasterNamePartGroup></NamePartGroups>
        </Identity>${feature(345, ether)}${feature(8, "1 Jan 1970")}
      </Profile>
    </DistinctParty>
    <DistinctParty FixedRef="6">
      <Profile ID="6" PartySubTypeID="3">
        <Identity ID="2" FixedRef="6" Primary="true" False="false">${name([[1, "A COMPANY &amp; SONS"]], "true")}</Identity>
      </Profile>
    </DistinctParty>
    <DistinctParty FixedRef="7">
      <Profile ID="7" PartySubTypeID="4">
        <Identity ID="3" FixedRef="7" Primary="true" False="false">${name(
          [
            [2, "PERSON"],
            [3, "Ivan"],
          ],
          "true",
        )}
          <NamePartGroups>
            <MasterNamePartGroup><NamePartGroup ID="2" NamePartTypeID="1520" /></MasterNamePartGroup>
            <MasterNamePartGroup><NamePartGroup ID="3" NamePartTypeID="1521" /></MasterNamePartGroup>
          </NamePartGroups>
        </Identity>${feature(344, satoshi)}${feature(887, "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8")}${feature(444, "48anything")}
      </Profile>
    </DistinctParty>
  </DistinctParties>
  <SanctionsEntries>${entry(5, ["DPRK3", "CYBER2"])}${entry(6, ["CUBA"])}${entry(7, ["CYBER2"])}
  </SanctionsEntries>
</Sanctions>
`;

const stamps = { spec_version: "2.1", created: "2024-05-06T00:00:00.000Z", modified: "2024-05-06T07:08:09.000Z" };
const wallet = (id: string, address: object): object => ({
  type: "cryptocurrency-wallet",
  spec_version: "2.1",
  id,
  ...address,
});

/** As other programs write them: wallets by \`address\` and by \`value\`, said to be somebody's in three ways. */
export const stixOfOthers: string = JSON.stringify(
  {
    type: "bundle",
    id: "bundle--1",
    objects: [
      wallet("cryptocurrency-wallet--1", { address: satoshi }),
      wallet("cryptocurrency-wallet--2", { value: ether }),
      wallet("cryptocurrency-wallet--3", { value: third }),
      wallet("cryptocurrency-wallet--4", { value: segwit }),
      { type: "threat-actor", id: "threat-actor--1", ...stamps, name: "Lazarus Group" },
      {
        type: "malware",
        id: "malware--1",
        ...stamps,
        name: "Some locker",
        malware_types: ["ransomware"],
        is_family: true,
      },
      { type: "identity", id: "identity--1", ...stamps, name: "A publisher" },
      {
        type: "relationship",
        id: "relationship--1",
        ...stamps,
        relationship_type: "attributed-to",
        source_ref: "cryptocurrency-wallet--1",
        target_ref: "threat-actor--1",
        confidence: 85,
        external_references: [{ source_name: "A report", url: "https://example.org/report" }],
      },
      {
        type: "relationship",
        id: "relationship--2",
        ...stamps,
        created_by_ref: "identity--1",
        relationship_type: "uses",
        source_ref: "malware--1",
        target_ref: "cryptocurrency-wallet--3",
        confidence: 50,
      },
      {
        type: "note",
        id: "note--1",
        ...stamps,
        created_by_ref: "identity--1",
        content: "Deposit of a customer",
        object_refs: ["cryptocurrency-wallet--2", "malware--1"],
      },
      {
        type: "indicator",
        id: "indicator--1",
        ...stamps,
        created_by_ref: "identity--1",
        name: "Wallet of a locker",
        pattern: `[cryptocurrency-wallet:value = '${second}']`,
        pattern_type: "stix",
        valid_from: "2024-01-01T00:00:00Z",
      },
      {
        type: "relationship",
        id: "relationship--3",
        ...stamps,
        relationship_type: "indicates",
        source_ref: "indicator--1",
        target_ref: "malware--1",
      },
    ],
  },
  null,
  2,
);

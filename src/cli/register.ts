import { readRegister, requireValid, type Register, type RegisterFolder } from "../incidents/register.ts";
import { bundledRegister, readRegisterFolder } from "../io/register-folder.ts";

/** The word that stands for the bundled register in `--register`. */
const bundledWord = "bundled";

/**
 * Reads the registers that a command names: the bundled one by default; a folder alone, or, with `--register bundled`
 * before it, beside the bundled one. Actors, prices and published figures of the bundled register are always at hand.
 */
export async function loadRegister(names: readonly string[]): Promise<Register> {
  const wanted = names.length === 0 ? [bundledWord] : names;
  const folders = await Promise.all(
    wanted.map(async (name) => readRegisterFolder(name === bundledWord ? bundledRegister : name)),
  );
  if (wanted.includes(bundledWord)) return readRegister(folders);
  const reference: RegisterFolder = { ...(await readRegisterFolder(bundledRegister)), incidents: [] };
  return readRegister([reference, ...folders]);
}

/** The actors of the registers that a command names, without their thefts; fails on the first error in them. */
export async function loadActors(names: readonly string[]): Promise<Register["actors"]> {
  const wanted = names.length === 0 || names.includes(bundledWord) ? names : [bundledWord, ...names];
  const folders = await Promise.all(
    (wanted.length === 0 ? [bundledWord] : wanted).map(async (name) =>
      readRegisterFolder(name === bundledWord ? bundledRegister : name),
    ),
  );
  return requireValid(readRegister(folders.map(({ actors }) => ({ actors, incidents: [], published: [], prices: [] }))))
    .actors;
}

/** The prices of the registers that a command names; fails on the first error in them. */
export async function loadPrices(names: readonly string[]): Promise<Register["prices"]> {
  const wanted = names.includes(bundledWord) ? names : [bundledWord, ...names];
  const folders = await Promise.all(
    wanted.map(async (name) => readRegisterFolder(name === bundledWord ? bundledRegister : name)),
  );
  return requireValid(readRegister(folders.map(({ prices }) => ({ actors: [], incidents: [], published: [], prices }))))
    .prices;
}

/** {@link loadRegister}, for commands that compute figures: fails on the first error in it. */
export async function loadValidRegister(names: readonly string[]): Promise<Register> {
  return requireValid(await loadRegister(names));
}

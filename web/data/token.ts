/** The token of a server that asks for one: kept by the tab until it closes, never longer. */
const key = "fundtrail.token";
let inMemory: string | undefined;

export function keptToken(): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? inMemory;
  } catch {
    return inMemory;
  }
}

export function keepToken(token: string | undefined): void {
  inMemory = token;
  try {
    if (token === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, token);
  } catch {
    // Storage is refused: the page keeps it as long as it is open.
  }
}

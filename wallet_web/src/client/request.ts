/** The request that brought this tab here: out of the address bar at once, kept for this tab only. It names no one. */

const KEY = "request";

type Page = Pick<Window, "location" | "history" | "sessionStorage">;

export interface RequestOfTab { readonly get: () => string | null; readonly clear: () => void }

export function requestOfTab({ location, history, sessionStorage }: Page): RequestOfTab {
  const id = /^#request=([A-Za-z0-9_-]{1,128})$/.exec(location.hash)?.[1];
  if (id !== undefined) sessionStorage.setItem(KEY, id);
  if (location.hash !== "") history.replaceState(null, "", "/");
  return {
    get: () => sessionStorage.getItem(KEY),
    clear: () => { sessionStorage.removeItem(KEY); },
  };
}

/** Workers are the one place where an address becomes script: only files of our own release do (Trusted Types). */

const policy = typeof trustedTypes === "undefined" ? null : trustedTypes.createPolicy("pds-worker", {
  createScriptURL: (url) => {
    if (new URL(url, location.origin).origin !== location.origin) throw new TypeError("a script of another origin");
    return url;
  },
});

export function startWorker(address: string): Worker {
  return new Worker(policy === null ? address : policy.createScriptURL(address) as unknown as string);
}

// How a script here talks to the test that started it: JSON lines. The test answers each question with one line.
import { createInterface } from 'node:readline'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const next = async () => JSON.parse((await lines.next()).value)

/** What the test says first: issuer, client_id, redirect_uri, the private keys, and what to ask for. */
export const given = await next()

/** Ask the test to act: `{open: url}` is answered by the address that the browser came back to. */
export async function ask(question) {
  console.log(JSON.stringify(question))
  return next()
}

/** The last word: everything that the test compares. */
export function done(results) {
  console.log(JSON.stringify({ done: results }))
  process.exit(0)
}

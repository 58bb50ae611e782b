// The checks of docs/integrate.md against the shared vectors: what each case came to.
import { calculateJwkThumbprint, decodeJwt, importJWK } from 'jose'
import { done, given } from './test.mjs'

const { checkProof, openDisclosure } = await import(given.checks)
const RealDate = Date
let now = 0
globalThis.Date = class extends RealDate {
  constructor(...words) { words.length ? super(...words) : super(now * 1000) }
  static now() { return now * 1000 }
}

const operations = {
  async 'disclosure.open'({ disclosure, key, record, request_hash: requestHash, client_id: me, last, n }) {
    const { sub, jti: id, exp: ends, decisions_hash: decisionsHash, attributes } = decodeJwt(record)
    const grant = { id, sub, ends, requestHash, decisionsHash, attributes, revision: last?.revision ?? 0, n: last?.n ?? 0 }
    const enc = { key: await importJWK(key, 'ECDH-ES+A256KW'), kid: await calculateJwkThumbprint(key) }
    const claims = await openDisclosure(disclosure, `${n} ${'A'.repeat(43)}`, enc, me, grant)
    return { revision: grant.revision, claims }
  },
  async 'proof.verify'({ subject_proof: proof, client_id: me, request_hash: requestHash }) {
    const { sub, grant_id, record_hash } = await checkProof(proof, me, requestHash)
    return { sub, grant_id, record_hash }
  },
}

const outcomes = {}
for (const { id, op, input } of given.cases) {
  now = input.now ?? 0
  outcomes[id] = await operations[op](input).then((output) => ({ output }), (error) => ({ error: error.message }))
}
done(outcomes)

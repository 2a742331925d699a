/** What asking PortOne about a charge led to. A charge is answered for even where PortOne was silent; the time tells. */
import type { ChargeView } from '../ipc/wire'

/** PortOne answered between the two readings. */
export const answeredSince = (before: ChargeView | null, after: ChargeView): boolean =>
  after.lookedUpAt !== null && after.lookedUpAt > (before?.lookedUpAt ?? Number.NEGATIVE_INFINITY)

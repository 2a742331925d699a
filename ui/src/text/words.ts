/** Codes from outside, in words. A code that is not known is shown as it is, never hidden. */
import type { Refusal } from '../ipc/call'
import type { GateReason } from '../ipc/errors'
import type { ChargeView, DisputeView, TransactionView } from '../ipc/wire'
import { isMethod } from '../paying/paying.svelte'
import { t } from '.'
import { clock, won } from './format'

export const methodName = (word: string): string => (isMethod(word) ? t.methods[word] : word)

const isGateReason = (code: string): code is GateReason => Object.hasOwn(t.gateReasons, code)
export const gateReason = (code: string | null): string | null =>
  code === null ? null : isGateReason(code) ? t.gateReasons[code] : code

/** A payment that somebody has to see to: which, and why. */
export function disputeWords(dispute: DisputeView): { what: string; why: string } {
  const sum = dispute.won === null ? null : won(dispute.won)
  return dispute.reason === 'cancelled_outside'
    ? { what: t.paying.cancelledThis(sum), why: t.paying.cancelledLeft }
    : { what: t.paying.refundThis(sum), why: gateReason(dispute.reason) ?? '' }
}

/** What a transaction is; of a refund, which part of it. */
export const kindWords = (row: Pick<TransactionView, 'kind' | 'refund'>): string =>
  (row.refund && t.refund.phases[row.refund.phase]) ?? t.kinds[row.kind]

/** When PortOne was heard last, or that it was not. */
export function heardWords(view: ChargeView): string {
  if (view.lookedUpAt !== null) return clock(view.lookedUpAt)
  const tried = view.state === 'unknown' || view.steps.some((step) => step.kind === 'unanswered')
  return tried ? t.paying.neverAnswered : t.paying.neverLookedUp
}

/** Why something was refused, with the limit where that is why. */
export const refusalWords = (error: Refusal, maxWon: number): string =>
  error.code === 'above_limit' ? t.charge.ownMost(maxWon) : (t.errors[error.code] ?? error.message)

/** Payment companies by PortOne's names for them. Source: PortOne V1, `pg_provider`. */
const PGS: Record<string, string> = {
  html5_inicis: 'KG이니시스',
  inicis: 'KG이니시스',
  nice: '나이스페이',
  nice_v2: '나이스페이',
  danal: '다날',
  danal_tpay: '다날',
  smartro: '스마트로',
  smartro_v2: '스마트로',
  settle: '헥토파이낸셜',
  settle_firm: '헥토파이낸셜',
  hecto: '헥토파이낸셜',
  kcp: 'NHN KCP',
  kcp_quick: 'NHN KCP',
  kcp_v2: 'NHN KCP',
  tosspayments: '토스페이먼츠',
  uplus: '토스페이먼츠',
  tosspay: '토스페이',
  tosspay_v2: '토스페이',
  kakaopay: '카카오페이',
  naverpay: '네이버페이',
  payco: '페이코',
  ksnet: 'KSNET',
  kicc: 'KICC',
  jtnet: 'JTNet',
  daou: '키움페이',
  kpn: 'KPN',
  welcome: '웰컴페이먼츠',
}
export const pgName = (provider: string): string => PGS[provider] ?? provider

/** These really take the money in test, and give it back before midnight. Source: PortOne, test channels. */
const CHARGES_IN_TEST = new Set([
  'html5_inicis',
  'inicis',
  'nice',
  'nice_v2',
  'danal',
  'danal_tpay',
  'smartro',
  'smartro_v2',
  'settle',
  'settle_firm',
  'hecto',
])
export const chargesInTest = (provider: string | null): boolean =>
  provider !== null && CHARGES_IN_TEST.has(provider)

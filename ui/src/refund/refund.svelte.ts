/** The refund desk: what may go back, by which way, and what became of it. */
import type { Host, Refusal } from '../ipc/call'
import type {
  DebtPaid,
  RefundLotView,
  RefundPaymentView,
  RefundQuote,
  RefundStart,
  RefundState,
  RefundView,
  RefundWay,
} from '../ipc/wire'
import { Intent } from '../kit/intent'

const OPEN: ReadonlySet<RefundState> = new Set(['holding', 'sent', 'unknown', 'pending'])
/** Nobody knows yet: never called done, never called failed. */
export const isChecking = (state: RefundState): boolean => OPEN.has(state)

/** What is chosen: a lot, or a payment that was never credited. */
export type Chosen = { lot: RefundLotView } | { payment: RefundPaymentView }

export class RefundDesk {
  quote = $state.raw<RefundQuote | null>(null)
  refused = $state.raw<Refusal | null>(null)
  chosen = $state.raw<Chosen | null>(null)
  /** So many paid points of the lot; `null`: all of them. */
  part = $state<number | null>(null)
  way = $state<RefundWay>('pg')
  goodwill = $state(false)
  reason = $state('')
  proof = $state('')
  bank = $state('')
  number = $state('')
  holder = $state('')
  busy = $state(false)
  /** The refund that was started here, or that is looked at. */
  view = $state.raw<RefundView | null>(null)

  debtHow = $state<DebtPaid>('cash')
  debtNote = $state('')

  readonly #host: Host
  readonly #memberId: number
  readonly #intent: Intent
  readonly #debtIntent: Intent

  constructor(host: Host, memberId: number, intent = new Intent(), debtIntent = new Intent()) {
    this.#host = host
    this.#memberId = memberId
    this.#intent = intent
    this.#debtIntent = debtIntent
  }

  /** What would go back, in won; `null`: nothing. */
  get won(): number | null {
    if (this.chosen === null) return null
    return 'lot' in this.chosen ? (this.chosen.lot.sum?.won ?? null) : this.chosen.payment.won
  }

  get needsGoodwill(): boolean {
    return this.chosen !== null && 'lot' in this.chosen && this.chosen.lot.sum?.claim === false
  }

  get needsAccount(): boolean {
    if (this.way !== 'pg' || this.chosen === null) return false
    return 'lot' in this.chosen
      ? this.chosen.lot.ways.some((way) => way.way === 'pg' && way.needsAccount)
      : this.chosen.payment.needsAccount
  }

  get isWayOpen(): boolean {
    if (this.chosen === null) return false
    if ('payment' in this.chosen) return this.way === 'pg' && !this.chosen.payment.underWay
    return this.chosen.lot.ways.some((way) => way.way === this.way && way.closed === null)
  }

  get isReady(): boolean {
    const account = [this.bank, this.number, this.holder].every((text) => text.trim() !== '')
    return (
      !this.busy &&
      this.won !== null &&
      this.isWayOpen &&
      this.reason.trim() !== '' &&
      (!this.needsGoodwill || this.goodwill) &&
      (!this.needsAccount || account) &&
      (this.way !== 'bank' || this.proof.trim() !== '') &&
      !Number.isNaN(this.part)
    )
  }

  async read(): Promise<void> {
    const answer = await this.#host.call('refund_quote', { memberId: this.#memberId })
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return
    this.quote = answer.value
    if (this.chosen === null && this.view === null) {
      const [lot] = answer.value.lots
      const [payment] = answer.value.payments
      if (payment) this.choose({ payment })
      else if (lot) this.choose({ lot })
    }
  }

  choose(chosen: Chosen): void {
    this.chosen = chosen
    this.part = null
    this.goodwill = false
    this.refused = null
    const open = 'lot' in chosen ? chosen.lot.ways.find((way) => way.closed === null) : null
    this.way = open?.way ?? 'pg'
  }

  /** Counts the lot anew for a part of it. What was typed later wins. */
  async count(): Promise<void> {
    if (this.chosen === null || !('lot' in this.chosen) || Number.isNaN(this.part)) return
    const { lotId } = this.chosen.lot
    const points = this.part
    const answer = await this.#host.call('refund_quote', { lotId, ...(points === null ? {} : { points }) })
    if (points !== this.part || !('lot' in this.chosen) || this.chosen.lot.lotId !== lotId) return
    this.refused = answer.ok ? null : answer.error
    const lot = answer.ok ? answer.value.lots[0] : undefined
    if (lot) this.chosen = { lot }
  }

  async start(): Promise<void> {
    const won = this.won
    if (!this.isReady || this.chosen === null || won === null) return
    const of =
      'lot' in this.chosen
        ? { lotId: this.chosen.lot.lotId, ...(this.part === null ? {} : { points: this.part }) }
        : { chargeId: this.chosen.payment.chargeId, impUid: this.chosen.payment.impUid }
    const ask: Omit<RefundStart, 'refundId'> = {
      ...of,
      won,
      way: this.way,
      reason: this.reason.trim(),
      ...(this.needsGoodwill ? { goodwill: true } : {}),
      ...(this.proof.trim() === '' ? {} : { proof: this.proof.trim() }),
      ...(this.needsAccount
        ? { account: { bank: this.bank.trim(), number: this.number.trim(), holder: this.holder.trim() } }
        : {}),
    }
    this.busy = true
    this.refused = null
    const answer = await this.#host.call('refund_start', { refundId: this.#intent.idFor(ask), ...ask })
    this.busy = false
    if (!answer.ok) {
      this.refused = answer.error
      if (answer.error.code === 'refund_changed') void this.count()
      return
    }
    this.#intent.answered()
    this.view = answer.value
    this.number = ''
    void this.read()
  }

  /** Shows a refund that was started before. */
  show(view: RefundView): void {
    this.view = view
    this.refused = null
  }

  /** Reads again what is shown; with `ask`, PortOne is asked now. */
  async look(ask = false): Promise<void> {
    if (this.view === null || this.busy) return
    const { refundId } = this.view
    this.busy = ask
    const answer = await this.#host.call(ask ? 'refund_settle' : 'refund_view', { refundId })
    this.busy = false
    if (answer.ok && this.view?.refundId === refundId) this.view = answer.value
    if (!answer.ok) this.refused = answer.error
  }

  async another(): Promise<void> {
    this.view = null
    this.chosen = null
    this.reason = ''
    this.proof = ''
    await this.read()
  }

  async settleDebt(): Promise<boolean> {
    const won = this.quote?.debt ?? 0
    const note = this.debtNote.trim()
    if (this.busy || won === 0 || note === '') return false
    const ask = { memberId: this.#memberId, won, how: this.debtHow, note }
    this.busy = true
    const answer = await this.#host.call('debt_settle', { requestId: this.#debtIntent.idFor(ask), ...ask })
    this.busy = false
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return false
    this.#debtIntent.answered()
    this.debtNote = ''
    await this.read()
    return true
  }
}

/** The counter: who is served, and what is being done for them. */
import type { Refusal } from '../ipc/call'
import type { Event, MemberCard, TransactionView } from '../ipc/wire'
import { errorKo } from '../ipc/errors'
import type { Till } from '../frame/till.svelte'
import { faceOf } from '../paying/face'
import { Paying } from '../paying/paying.svelte'
import { t } from '../text'
import { CareDesk } from './care.svelte'
import { ChargeDesk } from './charge.svelte'
import { Enrol } from './enrol.svelte'
import { Search, type Entered } from './search.svelte'
import { lastOf, UndoDesk } from './undo.svelte'
import { UseDesk } from './use.svelte'

export type Tab = 'charge' | 'use'

export class Counter {
  readonly till: Till
  readonly search: Search
  readonly charge: ChargeDesk
  readonly use: UseDesk
  readonly undo: UndoDesk
  readonly enrol: Enrol
  readonly care: CareDesk

  card = $state.raw<MemberCard | null>(null)
  /** The member that is being opened. */
  opening = $state<number | null>(null)
  /** The way from Enter in the search box to what it opens. */
  entering = $state.raw<Promise<Entered> | null>(null)
  refused = $state.raw<Refusal | null>(null)
  /** How often a card was opened: each time the keys are the screen's again. */
  opened = $state(0)
  tab = $state<Tab>('charge')
  paying = $state.raw<Paying | null>(null)
  /** The keypad that is open: for a sum on no tile, for points to use, for a number to find. */
  keypad = $state<'charge' | 'use' | 'search' | null>(null)

  /** Charges that run on behind the screen. */
  readonly #left = new Set<string>()
  #way: Promise<void> = Promise.resolve()

  constructor(till: Till) {
    this.till = till
    this.search = new Search(till.host)
    this.charge = new ChargeDesk(till.host)
    this.use = new UseDesk(till.host)
    this.undo = new UndoDesk(till.host)
    this.enrol = new Enrol(till.host)
    this.care = new CareDesk(till.host)
  }

  start(): () => void {
    return this.till.onChange((event) => void this.told(event))
  }

  async told(event: Event): Promise<void> {
    if (event.kind === 'charge') await this.#background(event.chargeId)
    if (event.kind !== 'state' && event.memberId === this.card?.memberId) await this.reread()
    if (event.kind !== 'charge') this.search.again()
  }

  /**
   * What stands in the search box now. A new search is the next customer: whoever was served goes at once, so that no
   * key that is meant for the next one reaches their card. A running charge goes on in the inbox.
   */
  seek(query: string): void {
    this.leave()
    this.#close()
    this.search.type(query)
  }

  /**
   * Enter in the search box. Until the card is there, keys that are meant for it wait, and none reaches the card of
   * the customer before: a second Enter must not charge somebody else.
   */
  async enter(): Promise<Entered> {
    const way = this.#enter()
    this.entering = way
    try {
      return await way
    } finally {
      this.entering = null
    }
  }

  /** Looks for somebody and opens who is found alone. */
  find(query: string): Promise<Entered> {
    this.seek(query)
    return this.enter()
  }

  async #enter(): Promise<Entered> {
    const what = await this.search.enter()
    if (what.kind === 'open') await this.open(what.row.memberId)
    else if (what.kind === 'new') this.enrol.begin(this.search.wanted)
    return what
  }

  /** Keys that come meanwhile are for the card that is on its way. */
  async arrived(): Promise<void> {
    await this.entering
    await this.#way
  }

  open(memberId: number): Promise<void> {
    this.#way = this.#open(memberId)
    return this.#way
  }

  async #open(memberId: number): Promise<void> {
    this.leave()
    this.search.at = -1
    this.opening = memberId
    const answer = await this.till.call('member_card', { memberId })
    if (this.opening !== memberId) return
    this.opening = null
    this.refused = answer.ok ? null : answer.error
    if (!answer.ok) return
    if (this.card?.memberId !== memberId) {
      this.charge.reset(this.till.app)
      this.use.reset()
      this.tab = 'charge'
    }
    this.card = answer.value
    this.opened += 1
  }

  async reread(): Promise<void> {
    const memberId = this.card?.memberId
    if (memberId === undefined) return
    const answer = await this.till.call('member_card', { memberId })
    if (answer.ok && this.card?.memberId === memberId) this.card = answer.value
  }

  /** Another book: nobody of the old one stays on screen. */
  bookChanged(): void {
    this.paying = null
    this.#left.clear()
    this.next()
  }

  /** Ready for the next customer; what runs goes on in the inbox. */
  next(): void {
    this.leave()
    this.#close()
    this.search.clear()
  }

  #close(): void {
    this.card = null
    this.opening = null
    this.refused = null
    this.keypad = null
    this.charge.reset(this.till.app)
    this.use.reset()
  }

  /** Leaves the paying panel; an unfinished charge goes on behind it. */
  leave(): void {
    const { paying } = this
    this.paying = null
    const view = paying?.view
    if (!paying || view?.state === 'credited') return
    this.#left.add(paying.chargeId)
    if (view && !faceOf(view).ended && !view.abandoned) {
      this.till.say('plain', t.paying.nextSaid(view.memberName, view.won))
    }
  }

  show(chargeId: string): void {
    this.#left.delete(chargeId)
    this.paying = new Paying(this.till.host, chargeId, null, () => this.till.now)
    this.till.screen = 'counter'
  }

  async startCharge(repeatOk = false): Promise<void> {
    const memberId = this.card?.memberId
    if (memberId === undefined || this.till.app?.book !== 'ok') return
    const chargeId = await this.charge.start(memberId, repeatOk)
    if (chargeId === null) {
      // The clerk has gone on: what was refused is told, and stands on nobody else's card.
      const { refused } = this.charge
      if (refused && this.card?.memberId !== memberId) {
        this.charge.reset(this.till.app)
        this.till.refusal(refused)
      }
      return
    }
    this.charge.reset(this.till.app)
    this.show(chargeId)
    await this.#hear()
  }

  /** The newest step was written just now: what PortOne's clock says is learnt from it. */
  async #hear(): Promise<void> {
    const { paying } = this
    await paying?.read()
    const steps = paying?.view?.steps ?? []
    if (steps.length > 0) this.till.heard(Math.max(...steps.map((step) => step.at)))
  }

  async useGo(): Promise<void> {
    const card = this.card
    if (card === null) return
    const used = await this.use.go(card.memberId)
    if (this.card?.memberId === card.memberId) {
      if (used) await this.reread()
      return
    }
    const { done, refused } = this.use
    if (!done && !refused) return
    this.use.reset()
    if (refused) this.till.refusal(refused)
    if (done) this.till.say('done', t.use.doneFor(card.name, done.points))
  }

  /** One key: the last thing that was done for this member. */
  undoLast(target: TransactionView | null = lastOf(this.card?.transactions ?? [])): void {
    if (!target) return
    if (target.kind === 'spending') this.undo.open(target)
    else {
      const code = target.kind === 'loading' ? 'charge_needs_refund' : 'not_undoable'
      this.till.refusal({ code, message: errorKo[code] })
    }
  }

  async adjustGo(): Promise<void> {
    const adjusted = this.card && (await this.care.adjust(this.card))
    if (!adjusted) return
    this.till.say('done', t.member.adjusted(adjusted.before, adjusted.after))
    await this.reread()
  }

  /** The two are one from here on: the card is the one that is left. */
  async mergeGo(): Promise<void> {
    const name = this.care.into?.name ?? ''
    const merged = this.card && (await this.care.merge(this.card))
    if (!merged) return
    this.till.say('done', t.member.mergeDone(name, merged.balance))
    await this.open(merged.memberId)
  }

  async eraseGo(): Promise<void> {
    if (!this.card || !(await this.care.erase(this.card))) return
    this.till.say('done', t.member.eraseDone)
    this.seek('')
  }

  async undoGo(): Promise<void> {
    const undone = await this.undo.go()
    if (!undone) return
    this.use.done = null
    this.till.say('done', t.undo.done(undone.before, undone.after))
    await this.reread()
  }

  async #background(chargeId: string): Promise<void> {
    if (!this.#left.has(chargeId) || this.paying?.chargeId === chargeId) return
    const answer = await this.till.call('charge_view', { chargeId })
    if (!answer.ok || !this.#left.has(chargeId)) return
    const { state, memberName, won } = answer.value
    if (state === 'credited') {
      this.#left.delete(chargeId)
      this.till.say('done', t.paying.creditedElsewhere(memberName, won))
    } else if (state === 'disputed' || state === 'failed') {
      this.#left.delete(chargeId)
      this.till.say('fail', t.paying.stoppedElsewhere(memberName, won, state))
    }
  }
}

/** The lines of a bonus rule, as they are typed. */
import type { BonusOffer } from '../ipc/wire'

export interface OfferDraft {
  fromWon: number | null
  kind: 'percent' | 'points'
  /** The percentage, or the number of points. */
  value: number | null
  firstOnly: boolean
  fromDay: string
  untilDay: string
}

export const blankOffer = (): OfferDraft => ({
  fromWon: null,
  kind: 'percent',
  value: null,
  firstOnly: false,
  fromDay: '',
  untilDay: '',
})

export const draftOf = (offer: BonusOffer): OfferDraft => ({
  fromWon: offer.fromWon,
  kind: offer.points > 0 ? 'points' : 'percent',
  value: offer.points > 0 ? offer.points : offer.percent,
  firstOnly: offer.firstOnly,
  fromDay: offer.fromDay ?? '',
  untilDay: offer.untilDay ?? '',
})

export const offerOf = (draft: OfferDraft): BonusOffer => ({
  fromWon: draft.fromWon ?? 0,
  percent: draft.kind === 'percent' ? (draft.value ?? 0) : 0,
  points: draft.kind === 'points' ? (draft.value ?? 0) : 0,
  firstOnly: draft.firstOnly,
  fromDay: draft.fromDay === '' ? null : draft.fromDay,
  untilDay: draft.untilDay === '' ? null : draft.untilDay,
})

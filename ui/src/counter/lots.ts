/** What is left of a loading: paid points and bonus points, each with a date of its own. */
import type { LotView, TakeView } from '../ipc/wire'
import { t } from '../text'
import { dayOf, daysUntil, number, points } from '../text/format'

export interface Part {
  kind: 'paid' | 'bonus'
  points: number
  /** When these points go; `null`: never; `undefined`: not known. */
  endsAt: number | null | undefined
}

const held = (parts: Part[]): Part[] => parts.filter((part) => part.points > 0)

export const lotParts = (lot: LotView): Part[] =>
  held([
    { kind: 'paid', points: lot.paid, endsAt: lot.paidExpiresAt },
    { kind: 'bonus', points: lot.bonus, endsAt: lot.bonusExpiresAt },
  ])

/** What a use takes from a lot, with that lot's dates. */
export function takeParts(take: TakeView, lots: readonly LotView[]): Part[] {
  const lot = lots.find(({ lotId }) => lotId === take.lotId)
  return held([
    { kind: 'paid', points: take.paid, endsAt: lot?.paidExpiresAt },
    { kind: 'bonus', points: take.bonus, endsAt: lot?.bonusExpiresAt },
  ])
}

/** `유료 30,000 기한 없음`, `보너스 3,000 12월 25일까지` */
export function partWords(part: Part, now: number): string {
  const what = `${t.card[part.kind]} ${number(part.points)}`
  if (part.endsAt === undefined) return what
  return `${what} ${part.endsAt === null ? t.card.forever : t.card.until(dayOf(part.endsAt, now))}`
}

/** What goes next, and on which day: everything that goes on that day, and nothing else. */
export function goesNext(lots: readonly LotView[], now: number): { days: number; parts: Part[] } | null {
  const ending = lots
    .flatMap(lotParts)
    .flatMap((part) => (part.endsAt == null ? [] : [{ part, days: daysUntil(part.endsAt, now) }]))
  if (ending.length === 0) return null
  const days = Math.min(...ending.map((one) => one.days))
  const that = ending.filter((one) => one.days === days).map((one) => one.part)
  const sum = (kind: Part['kind']) =>
    that.filter((part) => part.kind === kind).reduce((total, part) => total + part.points, 0)
  const endsAt = that[0]?.endsAt
  return {
    days,
    parts: held([
      { kind: 'paid', points: sum('paid'), endsAt },
      { kind: 'bonus', points: sum('bonus'), endsAt },
    ]),
  }
}

/** `보너스 3,000P` */
export const sumWords = (parts: readonly Part[]): string =>
  parts.map((part) => `${t.card[part.kind]} ${points(part.points)}`).join(' + ')

/** The lot that is used first, where something of it goes on some day. */
export function firstWords(lot: LotView | undefined, now: number): string | null {
  if (!lot) return null
  const next = goesNext([lot], now)
  const day = next?.parts[0]?.endsAt
  if (!next || day == null) return null
  const whole = next.parts.reduce((total, part) => total + part.points, 0) === lot.paid + lot.bonus
  return whole
    ? t.card.firstLot(lot.paid + lot.bonus, dayOf(day, now))
    : t.card.firstLotPart(lot.paid + lot.bonus, sumWords(next.parts), dayOf(day, now))
}

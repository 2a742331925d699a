/** Numbers and times for people. Times are Seoul's, whatever the computer's clock is set to. */
/** Milliseconds since 1970. */
type UnixMillis = number

const whole = new Intl.NumberFormat('ko-KR', { maximumFractionDigits: 0 })
const ZONE = 'Asia/Seoul'
const DAY_MS = 86_400_000

/** `128400` → `128,400` */
export const number = (value: number): string => whole.format(value)
/** `100000` → `100,000원` */
export const won = (value: number): string => `${number(value)}원`
/** `110000` → `110,000P` */
export const points = (value: number): string => `${number(value)}P`
/** A change: `+53,000`, `−6,500` with a true minus, `0`. */
export const signed = (value: number): string =>
  value > 0 ? `+${number(value)}` : value < 0 ? `−${number(-value)}` : '0'

const parts = new Intl.DateTimeFormat('en-US', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

interface Moment {
  year: number
  month: number
  day: number
  hour: string
  minute: string
  second: string
}

function moment(at: UnixMillis): Moment {
  const found = new Map(parts.formatToParts(at).map((part) => [part.type, part.value]))
  const text = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? ''
  return {
    year: Number(text('year')),
    month: Number(text('month')),
    day: Number(text('day')),
    hour: text('hour'),
    minute: text('minute'),
    second: text('second'),
  }
}

/** The number of the day in Seoul, counted from 1970. Seoul knows no summer time. */
const dayNumber = (at: UnixMillis): number => Math.floor((at + 9 * 3_600_000) / DAY_MS)

/** `14:02:52` */
export function clock(at: UnixMillis): string {
  const { hour, minute, second } = moment(at)
  return `${hour}:${minute}:${second}`
}
/** `14:02` */
export function hourMinute(at: UnixMillis): string {
  const { hour, minute } = moment(at)
  return `${hour}:${minute}`
}
/** `2027년 11월 23일` */
export function date(at: UnixMillis): string {
  const { year, month, day } = moment(at)
  return `${year}년 ${month}월 ${day}일`
}
/** `2024년 3월` */
export function monthOf(at: UnixMillis): string {
  const { year, month } = moment(at)
  return `${year}년 ${month}월`
}
/** `12월 2일`, with the year where it is not this one. */
export function dayOf(at: UnixMillis, now: UnixMillis): string {
  const { year, month, day } = moment(at)
  return year === moment(now).year ? `${month}월 ${day}일` : `${year}년 ${month}월 ${day}일`
}
/** `오늘 18:20`, `어제 18:20`, `11월 20일 18:20` */
export function dayAndTime(at: UnixMillis, now: UnixMillis): string {
  const days = dayNumber(now) - dayNumber(at)
  const day = days === 0 ? '오늘' : days === 1 ? '어제' : dayOf(at, now)
  return `${day} ${hourMinute(at)}`
}
/** How long ago somebody came: `오늘`, `어제`, `6일 전`, `3주 전`, `5달 전`, `2년 전`. */
export function ago(at: UnixMillis, now: UnixMillis): string {
  const days = Math.max(0, dayNumber(now) - dayNumber(at))
  if (days === 0) return '오늘'
  if (days === 1) return '어제'
  if (days < 14) return `${days}일 전`
  if (days < 60) return `${Math.floor(days / 7)}주 전`
  if (days < 365) return `${Math.floor(days / 30)}달 전`
  return `${Math.floor(days / 365)}년 전`
}
/** How long something has been running: `3초`, `2분 05초`, `1시간 20분`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds}초`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}분 ${String(seconds % 60).padStart(2, '0')}초`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours}시간 ${minutes % 60}분`
  return `${Math.floor(hours / 24)}일`
}
/** Whole days until `at`, by Seoul's days; negative when it is over. */
export const daysUntil = (at: UnixMillis, now: UnixMillis): number => dayNumber(at) - dayNumber(now)

/** The shop's day at `at`, as `2026-11-23`; the day turns at `turnsAtHour`. `back` days earlier. */
export function businessDate(at: UnixMillis, turnsAtHour: number, back = 0): string {
  const { year, month, day } = moment(at - turnsAtHour * 3_600_000 - back * DAY_MS)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

const LONGEST_AMOUNT = 15
const plain = (text: string): string => text.normalize('NFKC')
const digitsOf = (text: string): string => plain(text).replace(/[^0-9]/g, '')

/**
 * What was typed as a whole number; separators and units are passed over. `null` for none. `NaN` for what would mean
 * something else without its dot or its minus: 12.5 is not 125.
 */
export function typedAmount(text: string): number | null {
  const digits = digitsOf(text)
  if (/[.\-−]/.test(plain(text)) && digits !== '') return Number.NaN
  return digits === '' || digits.length > LONGEST_AMOUNT ? null : Number(digits)
}
/** More digits than can be exact: whoever leans on a key has not meant another sum. */
export const overlong = (text: string): boolean => digitsOf(text).length > LONGEST_AMOUNT

/** Where the caret stands in `after` when as many digits are left of it as were left of `caret` in `before`. */
export function caretAfter(before: string, caret: number, after: string): number {
  let left = digitsOf(before.slice(0, caret)).length
  let place = 0
  while (left > 0 && place < after.length) {
    if (/[0-9]/.test(after.charAt(place))) left -= 1
    place += 1
  }
  return place
}

/** What a transaction did to the balance. Counts are read as numbers, however the wire's types call them. */
export const changeOf = (row: { paidChange: number | bigint; bonusChange: number | bigint }): number =>
  Number(row.paidChange) + Number(row.bonusChange)

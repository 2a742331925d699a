/** Sums read back as people say them, so that a zero too many is heard before it is paid. */

const DIGITS = ['', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'] as const
const PLACES = ['', '십', '백', '천'] as const
const MYRIADS = ['', '만', '억', '조', '경'] as const

function below10000(number: number): string {
  let words = ''
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(number / 10 ** place) % 10
    if (digit === 0) continue
    // 십, 백, 천 alone stand for one of it: 천오백, not 일천오백.
    words += `${digit === 1 && place > 0 ? '' : (DIGITS[digit] ?? '')}${PLACES[place] ?? ''}`
  }
  return words
}

/** `12300` → `만 이천삼백`; `0` → `영`. Whole numbers from 0 only; anything else is read as nothing. */
export function koreanNumber(number: number): string {
  if (!Number.isSafeInteger(number) || number < 0) return ''
  if (number === 0) return '영'
  const parts: string[] = []
  let rest = number
  for (const myriad of MYRIADS) {
    const part = rest % 10000
    rest = Math.floor(rest / 10000)
    if (part === 0) continue
    // 만 원, not 일만 원; but 일억 원, as it is written on a cheque.
    const words = part === 1 && myriad === '만' && rest === 0 ? '' : below10000(part)
    parts.unshift(words + myriad)
  }
  return parts.join(' ')
}

/** `100000` → `십만 원`, `12300` → `만 이천삼백 원`. */
export function koreanWords(won: number): string {
  const words = koreanNumber(won)
  return words === '' ? '' : `${words} 원`
}

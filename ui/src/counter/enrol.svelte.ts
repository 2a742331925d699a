/** A new member: number, name, consent. */
import type { Host, Refusal } from '../ipc/call'
import { Intent } from '../kit/intent'

/** The digits of a number in its domestic form: separators and +82 are dropped. */
export function phoneDigits(spelling: string): string {
  const text = spelling.normalize('NFKC').trim()
  const digits = text.replace(/[^0-9]/g, '')
  const abroad = text.startsWith('+82') || (digits.startsWith('82') && digits.length >= 11)
  return abroad ? `0${digits.slice(2).replace(/^0+/, '')}` : digits
}

/** How many digits stand before the first hyphen: 02, 010, 0505, 1588. */
function prefixOf(digits: string): number {
  if (digits.startsWith('02')) return 2
  return /^(1|050)/.test(digits) ? 4 : 3
}

/** `01012345678` → `010-1234-5678`, while it is typed too. */
export function phoneSpelling(spelling: string): string {
  const digits = phoneDigits(spelling).slice(0, 12)
  const first = prefixOf(digits)
  if (digits.length <= first) return digits
  const rest = digits.slice(first)
  if (rest.length <= 4) return `${digits.slice(0, first)}-${rest}`
  return `${digits.slice(0, first)}-${rest.slice(0, -4)}-${rest.slice(-4)}`
}

/** What a search that found nobody says about the new member. */
export function prefill(query: string): { phone: string; name: string } {
  const text = query.trim()
  const digits = phoneDigits(text)
  const numeric = text !== '' && /^[+0-9\s().·-]+$/.test(text)
  if (!numeric) return { phone: '', name: text }
  return { phone: digits.startsWith('0') && digits.length >= 3 ? phoneSpelling(text) : '', name: '' }
}

export class Enrol {
  open = $state(false)
  phone = $state('')
  name = $state('')
  memo = $state('')
  consent = $state(false)
  marketing = $state(false)
  /** Digits that were searched for and are too few for a number. */
  tail = $state('')
  busy = $state(false)
  refused = $state.raw<Refusal | null>(null)

  readonly #host: Host
  readonly #intent: Intent

  constructor(host: Host, intent = new Intent()) {
    this.#host = host
    this.#intent = intent
  }

  begin(query: string): void {
    const found = prefill(query)
    this.phone = found.phone
    this.name = found.name
    this.memo = ''
    this.consent = false
    this.marketing = false
    this.refused = null
    this.tail = found.phone === '' && found.name === '' ? phoneDigits(query) : ''
    this.open = true
  }

  close(): void {
    if (!this.busy) this.open = false
  }

  /** The new member's number. Whether number and name are good ones is for the book to say; the consent is asked here. */
  async save(): Promise<number | null> {
    if (this.busy || !this.consent) return null
    const memo = this.memo.trim()
    const content = {
      name: this.name.trim(),
      phone: this.phone.trim(),
      consents: this.marketing ? ['terms', 'marketing'] : ['terms'],
      ...(memo === '' ? {} : { memo }),
    }
    const requestId = this.#intent.idFor(content)
    this.busy = true
    this.refused = null
    const answer = await this.#host.call('member_create', { ...content, requestId })
    this.busy = false
    if (!answer.ok) {
      this.refused = answer.error
      return null
    }
    this.#intent.answered()
    this.open = false
    return answer.value.memberId
  }
}

/** The keyboard of the whole window: scanners are told from fingers once, here, before any field or button sees a key. */
import { Burst, HeldDigits } from '../kit/burst'

export interface KeyTargets {
  /** A digit alone, outside every field. */
  digit(digit: string): void
  /** A scanner, outside every field. */
  scan(text: string): void
  /** Another key outside every field: `KeyU`, `F2`, `Slash`, `Enter`, `Escape` … `true`: done. */
  key(code: string, event: KeyboardEvent): boolean
}

const typing = (target: EventTarget | null): boolean =>
  (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)) ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement

/** Keys that work inside a field too. */
const ALWAYS = /^(F[1-9]|Escape)$/
/** A field that takes digits only leaves the letters to the screen. */
const LETTERS = /^(Key[A-Z]|Slash)$/
const leavesLetters = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.dataset['takes'] === 'digits'

export function listenToKeys(targets: KeyTargets): () => void {
  const burst = new Burst()
  const held = new HeldDigits((what) =>
    what.kind === 'key' ? targets.digit(what.digit) : targets.scan(what.text),
  )

  const onkeydown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && burst.swallowsEnter(event.timeStamp)) {
      // The scanner's own Enter: nobody meant to confirm anything.
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    const character = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey
    if (character && !event.repeat) burst.typed(event.timeStamp)
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (document.querySelector('dialog[open]')) return
    const inField = typing(event.target)
    if (inField && !ALWAYS.test(event.code) && !(leavesLetters(event.target) && LETTERS.test(event.code)))
      return
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1]
    if (digit !== undefined && !event.shiftKey) {
      if (!event.repeat) held.digit(digit)
      event.preventDefault()
    } else if (targets.key(event.code === 'NumpadEnter' ? 'Enter' : event.code, event)) {
      event.preventDefault()
    }
  }

  window.addEventListener('keydown', onkeydown, { capture: true })
  return () => {
    window.removeEventListener('keydown', onkeydown, { capture: true })
    held.stop()
  }
}

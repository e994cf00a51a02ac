// What a key means on the page as a whole, where no view took it for itself.
const KEYS = {
  '/': 'search',
  n: 'next',
  N: 'previous',
  p: 'panel',
  o: 'options',
  i: 'facts',
  '?': 'keys',
  '%': 'times',
  t: 'theme',
  c: 'copyText',
  m: 'copyMarkdown',
} as const

/** A number is that of a view, from 1 on. */
export type PageAction = (typeof KEYS)[keyof typeof KEYS] | number

export function pageKey(event: KeyboardEvent): PageAction | null {
  if (event.defaultPrevented || event.altKey) return null
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === 'k' ? 'search' : null
  if (isTyping(event.target)) return null
  if (/^[1-9]$/.test(event.key)) return Number(event.key)
  return Object.hasOwn(KEYS, event.key) ? KEYS[event.key as keyof typeof KEYS] : null
}

/** Whether the key is meant for a field, or for what covers the page. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('select, textarea, dialog')) return true
  return target instanceof HTMLInputElement && /^(text|search)$/.test(target.type)
}

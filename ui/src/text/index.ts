import { ko, type Text } from './ko'

/** The words in use. Korean now; another language is another `Text`. */
export const t: Text = ko

/** Whether the server is reached, by what asks it; the event stream of the page knows more, and is told. */
export const contact = {
  isLost: (): boolean => false,
  answered: (): void => undefined,
  unanswered: (): void => undefined,
}

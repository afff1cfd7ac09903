import { plural, t } from '@lingui/core/macro'

interface Values {
  readonly itemText: string
  readonly beforeItemText: string
  readonly afterItemText: string
  readonly item: string
  readonly count: number
}

type Words = Readonly<Record<string, (values: Values) => string>>

/**
 * What React Aria says to screen readers, by its packages: it has no Vietnamese, and falls back to English. Each is written
 * when it is said, in the page's language.
 */
export const ariaWords: Readonly<Record<string, Words>> = {
  '@react-aria/dnd': {
    dragItem: ({ itemText }) => t`Drag ${itemText}`,
    dragSelectedItems: ({ count }) =>
      plural(count, { one: 'Drag # selected item', other: 'Drag # selected items' }),
    dragDescriptionKeyboard: () => t`Press Enter to start dragging.`,
    dragDescriptionKeyboardAlt: () => t`Press Alt + Enter to start dragging.`,
    dragDescriptionTouch: () => t`Double tap to start dragging.`,
    dragDescriptionVirtual: () => t`Click to start dragging.`,
    dragDescriptionLongPress: () => t`Long press to start dragging.`,
    dragSelectedKeyboard: ({ count }) =>
      plural(count, {
        one: 'Press Enter to drag # selected item.',
        other: 'Press Enter to drag # selected items.',
      }),
    dragSelectedKeyboardAlt: ({ count }) =>
      plural(count, {
        one: 'Press Alt + Enter to drag # selected item.',
        other: 'Press Alt + Enter to drag # selected items.',
      }),
    dragSelectedLongPress: ({ count }) =>
      plural(count, {
        one: 'Long press to drag # selected item.',
        other: 'Long press to drag # selected items.',
      }),
    dragStartedKeyboard: () =>
      t`Started dragging. Press the arrow keys to choose a place, then press Enter to drop, or press Escape to cancel.`,
    dragStartedTouch: () => t`Started dragging. Go to a place, then double tap to drop.`,
    dragStartedVirtual: () => t`Started dragging. Go to a place, then click or press Enter to drop.`,
    endDragKeyboard: () => t`Dragging. Press Enter to cancel.`,
    endDragTouch: () => t`Dragging. Double tap to cancel.`,
    endDragVirtual: () => t`Dragging. Click to cancel.`,
    dropDescriptionKeyboard: () => t`Press Enter to drop. Press Escape to cancel.`,
    dropDescriptionTouch: () => t`Double tap to drop.`,
    dropDescriptionVirtual: () => t`Click to drop.`,
    dropCanceled: () => t`Dragging canceled.`,
    dropComplete: () => t`Dropped.`,
    dropIndicator: () => t`place to drop`,
    dropOnRoot: () => t`Drop on`,
    dropOnItem: ({ itemText }) => t`Drop on ${itemText}`,
    insertBefore: ({ itemText }) => t`Insert before ${itemText}`,
    insertBetween: ({ beforeItemText, afterItemText }) =>
      t`Insert between ${beforeItemText} and ${afterItemText}`,
    insertAfter: ({ itemText }) => t`Insert after ${itemText}`,
  },
  '@react-aria/grid': {
    select: () => t`Select`,
    selectedItem: ({ item }) => t`${item} selected.`,
    deselectedItem: ({ item }) => t`${item} not selected.`,
    selectedCount: ({ count }) =>
      plural(count, { 0: 'Nothing selected.', one: '# item selected.', other: '# items selected.' }),
    selectedAll: () => t`All selected.`,
    longPressToSelect: () => t`Long press to select.`,
  },
  '@react-aria/menu': {
    longPressMessage: () => t`Long press, or press Alt + Arrow Down, to open the menu`,
  },
  '@react-aria/overlays': { dismiss: () => t`Close` },
}

/** Has React Aria say them. It looks for words of its own under these names, before it says anything. */
export function giveAriaWords(): void {
  Object.assign(globalThis, {
    [Symbol.for('react-aria.i18n.locale')]: 'en',
    [Symbol.for('react-aria.i18n.strings')]: ariaWords,
  })
}

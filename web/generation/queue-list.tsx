import { t } from '@lingui/core/macro'
import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  ArrowUpToLine,
  EllipsisVertical,
  GripVertical,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { GridList, GridListItem } from 'react-aria-components/GridList'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { useDragAndDrop } from 'react-aria-components/useDragAndDrop'
import type { ProgressBrief } from '../../src/http/contract/generation-contract.ts'
import { useMay } from '../account/account-state.ts'
import { Trouble } from '../element/page-state.tsx'
import { type Destination, useQueueMove } from './order-of-queue.ts'
import { useTouchMove } from './use-touch-move.ts'
import './queue-list.css'

interface QueueListProps {
  readonly label: string
  /** In the order of their turn. */
  readonly works: readonly ProgressBrief[]
  readonly children: (work: ProgressBrief) => ReactNode
}

/** What is under way or waits, put in another order by dragging, by the keyboard, or by a menu; not by a listener. */
export function QueueList({ label, works, children }: QueueListProps) {
  const move = useQueueMove()
  const moveTo = (id: string, to: Destination): void => {
    const work = works.find((each) => each.id === id)
    if (work) move.mutate({ work, to })
  }
  const still = !useMay('editor') || works.length < 2
  const touch = useTouchMove(moveTo)
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (ids) =>
      [...ids].map((id) => ({ 'text/plain': works.find((work) => work.id === id)?.novelTitle ?? '' })),
    getAllowedDropOperations: () => ['move'],
    onReorder: ({ keys: [id], target }) => {
      const neighbour = String(target.key)
      if (neighbour === id) return
      moveTo(String(id), target.dropPosition === 'before' ? { before: neighbour } : { after: neighbour })
    },
  })
  return (
    <>
      {move.isError && <Trouble error={move.error} />}
      <div {...touch}>
        <GridList
          aria-label={label}
          className="works queue-list"
          // One alone has nowhere to go, and no handle.
          {...(!still && { dragAndDropHooks })}
        >
          {works.map((work, at) => (
            <GridListItem
              key={work.id}
              id={work.id}
              data-work={work.id}
              textValue={work.novelTitle}
              className="queue-item"
            >
              {!still && (
                // The button itself is no target of pointers, so that a browser lets the row be dragged by it.
                <span className="queue-handle">
                  <Button
                    slot="drag"
                    className="icon-button queue-grip"
                    aria-label={t`Move ${work.novelTitle}`}
                  >
                    <GripVertical size={18} aria-hidden="true" />
                  </Button>
                </span>
              )}
              <div className="queue-work">{children(work)}</div>
              {!still && (
                <PlaceMenu
                  title={work.novelTitle}
                  previous={works[at - 1]?.id}
                  next={works[at + 1]?.id}
                  onMove={(to) => moveTo(work.id, to)}
                />
              )}
            </GridListItem>
          ))}
        </GridList>
      </div>
    </>
  )
}

interface PlaceMenuProps {
  readonly title: string
  readonly previous: string | undefined
  readonly next: string | undefined
  readonly onMove: (to: Destination) => void
}

function PlaceMenu({ title, previous, next, onMove }: PlaceMenuProps) {
  const up = previous !== undefined && [
    { words: t`Move to the top`, Icon: ArrowUpToLine, to: { at: 'top' } as const },
    { words: t`Move up`, Icon: ArrowUp, to: { before: previous } },
  ]
  const down = next !== undefined && [
    { words: t`Move down`, Icon: ArrowDown, to: { after: next } },
    { words: t`Move to the bottom`, Icon: ArrowDownToLine, to: { at: 'bottom' } as const },
  ]
  const choices = [...(up || []), ...(down || [])]
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label={t`Place of ${title} in the queue`}>
        <EllipsisVertical size={18} aria-hidden="true" />
      </Button>
      <Popover className="queue-popover" placement="bottom end">
        <Menu aria-label={t`Place of ${title} in the queue`} className="queue-menu">
          {choices.map(({ words, Icon, to }) => (
            <MenuItem key={words} className="queue-choice" textValue={words} onAction={() => onMove(to)}>
              <Icon size={18} aria-hidden="true" /> {words}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

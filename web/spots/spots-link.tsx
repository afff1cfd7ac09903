import { plural } from '@lingui/core/macro'
import { Link } from 'wouter'
import { useSpots } from './use-spots.ts'

/** The way to the spots of a novel; where there are none, none. */
export function SpotsLink({ novelId }: { readonly novelId: string }) {
  const list = useSpots(novelId).data
  if (!list || list.spots.length === 0) return null
  return (
    <Link className="chapters-review" href={`/novels/${novelId}/spots`}>
      {plural(list.open, { 0: 'Checked spots', one: 'Check # spot', other: 'Check # spots' })}
    </Link>
  )
}

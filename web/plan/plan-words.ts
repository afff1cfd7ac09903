import { plural, t } from '@lingui/core/macro'
import type { Plan } from '../../src/http/contract/plan-contract.ts'
import { sizeWords } from '../element/size-words.ts'
import { lengthWords } from '../element/time-words.ts'

/** `less than a minute`, `about 4 minutes`, `about 3 h 15 min`: rounded ever more generously, since it is a guess. */
export function guessWords(seconds: number): string {
  if (seconds < 45) return t`less than a minute`
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 60) return plural(minutes, { one: 'about # minute', other: 'about # minutes' })
  const length = lengthWords(Math.round(seconds / 900) * 900)
  return t`about ${length}`
}

/** What a start would do, part by part. */
export function planWords(plan: Plan): readonly string[] {
  const { segments, seconds, time, disk, speakers } = plan
  const length = lengthWords(seconds.total)
  if (segments.missing === 0)
    return [t`${length} to hear`, t`all of it is spoken already: nothing is made anew`]
  const [guess, needed, free] = [guessWords(time.seconds), sizeWords(disk.needed), sizeWords(disk.free ?? 0)]
  return [
    t`about ${length} to hear`,
    time.basis === 'measured'
      ? t`${guess} on this machine`
      : t`time not known yet, ${guess} by typical speed`,
    ...(speakers
      ? [t`by ${speakers.used} of ${speakers.all} speakers, as many as have memory for this voice`]
      : []),
    disk.free === null ? t`${needed} of disk` : t`${needed} of disk, ${free} free`,
    ...(segments.reused > 0
      ? [plural(segments.reused, { one: '# sentence spoken already', other: '# sentences spoken already' })]
      : []),
  ]
}

/** Whether what is to be made does not fit on the disk. */
export function lacksRoom({ disk }: Pick<Plan, 'disk'>): boolean {
  return disk.free !== null && disk.needed > disk.free
}

/** `Re-makes 37 sentences in 9 chapters, about 4 minutes.` */
export function remadeWords({ remade }: Pick<Plan, 'remade'>): string {
  if (remade.segments === 0) return t`Nothing that is spoken has to be made anew.`
  const sentences = plural(remade.segments, { one: '# sentence', other: '# sentences' })
  const chapters = plural(remade.chapters, { one: '# chapter', other: '# chapters' })
  const guess = guessWords(remade.seconds)
  return t`Re-makes ${sentences} in ${chapters}, ${guess}.`
}

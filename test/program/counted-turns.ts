/** How often the event loop turned while something was done: 0 if nobody else had a turn before its end. */
export async function turnsOf(work: () => Promise<unknown>): Promise<number> {
  let [turns, ended] = [0, false]
  const turn = (): void => {
    if (ended) return
    turns++
    setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  ended = true
  return turns
}

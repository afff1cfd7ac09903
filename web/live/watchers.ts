/** What adds a watcher, and returns what removes it. */
export const adding =
  <Watcher>(watchers: Set<Watcher>) =>
  (watcher: Watcher) => {
    watchers.add(watcher)
    return () => void watchers.delete(watcher)
  }

import { lazyPage } from './lazy-page.tsx'

// What pages open, each a script of its own. Pages import these, which therefore do not stand beside the pages.

export const SearchPanel = lazyPage(async () => (await import('../reading/search-panel.tsx')).SearchPanel)
export const ReadingPanel = lazyPage(async () => (await import('../reading/reading-panel.tsx')).ReadingPanel)
export const SayDifferently = lazyPage(
  async () => (await import('../reading/say-differently.tsx')).SayDifferently,
)

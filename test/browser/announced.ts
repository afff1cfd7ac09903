import type { Page } from 'playwright-core'

interface DomNode {
  readonly attributes?: readonly string[]
  readonly nodeValue?: string
  readonly children?: readonly DomNode[]
  readonly shadowRoots?: readonly DomNode[]
}

/** What the page's one live region has, as screen readers are given it. */
export async function announced(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  try {
    const { root } = (await session.send('DOM.getDocument', { depth: -1, pierce: true })) as { root: DomNode }
    return all(root)
      .filter(({ attributes = [] }) => attributes.includes('data-live-announcer'))
      .flatMap(({ shadowRoots = [] }) => shadowRoots.flatMap(all))
      .flatMap(({ nodeValue = '' }) => (nodeValue === '' ? [] : [nodeValue]))
  } finally {
    await session.detach()
  }
}

function all(node: DomNode): DomNode[] {
  return [node, ...[...(node.children ?? []), ...(node.shadowRoots ?? [])].flatMap(all)]
}

import { type Role, roles } from '../novel/person.ts'

/** What somebody is who is vouched for by others, by the groups that these tell. */
export interface RoleRule {
  readonly groups: Readonly<Record<Role, readonly string[]>>
  /** Of who is in none of them; `no`: is not let in. */
  readonly others: 'no' | Exclude<Role, 'admin'>
}

/** Whether groups decide at all; else admins do, on the page. */
export function hasGroups({ groups }: RoleRule): boolean {
  return roles.some((role) => groups[role].length > 0)
}

/** The highest role that their groups give somebody; `undefined`: they are not let in. */
export function roleOf({ groups, others }: RoleRule, inGroups: readonly string[]): Role | undefined {
  const highest = roles.findLast((role) => groups[role].some((group) => inGroups.includes(group)))
  return highest ?? (others === 'no' ? undefined : others)
}

import type { CastCharacter, CastView, WantedCastBody } from '../../src/http/contract/cast-contract.ts'

/** The cast as it is shown, with another character in the place of one; `undefined`: without it. */
export function castWith(
  { version, dialogue, characters }: CastView,
  role: number,
  change: (character: CastCharacter) => CastCharacter | undefined,
): WantedCastBody {
  return {
    version,
    dialogue: dialogue ?? null,
    characters: characters
      .flatMap((one) => (one.role === role ? (change(one) ?? []) : one))
      .map(({ role: of, name, names, gender, age, voice }) => ({
        role: of,
        name,
        names,
        gender: gender ?? null,
        age: age ?? null,
        voice: voice ?? null,
      })),
  }
}

/** A character becomes part of another, which gets its names, and its voice, gender and age if it has none. */
export function castMerged(cast: CastView, role: number, into: number): WantedCastBody {
  const gone = cast.characters.find((one) => one.role === role)
  const rest = { ...cast, characters: cast.characters.filter((one) => one.role !== role) }
  return castWith(rest, into, (one) => {
    const [voice, gender, age] = [one.voice ?? gone?.voice, one.gender ?? gone?.gender, one.age ?? gone?.age]
    return {
      ...one,
      names: [...one.names, ...(gone?.names ?? [])],
      ...(voice !== undefined && { voice }),
      ...(gender && { gender }),
      ...(age && { age }),
    }
  })
}

export function castWithDialogue(cast: CastView, dialogue: string | null): WantedCastBody {
  return { ...castWith(cast, -1, (one) => one), dialogue }
}

/** Every character without a voice gets the one that is proposed. */
export function castWithProposals(cast: CastView): WantedCastBody {
  const characters = cast.characters.map((one) => {
    const voice = one.voice ?? one.proposedVoice
    return voice === undefined ? one : { ...one, voice }
  })
  return castWith({ ...cast, characters }, -1, (one) => one)
}

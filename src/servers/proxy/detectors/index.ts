import { code } from './code.ts'
import type { PieceDetector, WholeDetector } from './detector.ts'
import { exfiltrationLinks } from './exfiltration-links.ts'
import { invisibleCharacters } from './invisible-characters.ts'
import { manyShot } from './many-shot.ts'
import { personalData } from './personal-data.ts'
import { rulesOfLanguage } from './rules-of-language.ts'
import { secrets } from './secrets.ts'
import { templateTokens } from './template-tokens.ts'

/** Adding a detector costs a file like its neighbours and a line here. */
export const PIECE_DETECTORS: readonly PieceDetector[] = [
  rulesOfLanguage,
  templateTokens,
  exfiltrationLinks,
  code,
  secrets,
  personalData,
]

export const WHOLE_DETECTORS: readonly WholeDetector[] = [invisibleCharacters, manyShot]

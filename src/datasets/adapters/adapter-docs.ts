import { ADAPTERS } from './index.ts'

/** docs/dataset-adapters.md, from the registry. */
export function renderAdapterDocs(): string {
  const rows = ADAPTERS.map(
    ({ name, reads, home, licence, threat }) =>
      `| \`${name}\` | ${escape(reads)} | ${home} | ${licence} | ${threat} |`,
  )
  return [
    '# Dataset adapters',
    'Generated from the registry in `src/datasets/adapters/index.ts`; do not edit. [datasets.md](datasets.md) tells how to import.',
    'No set is shipped with this package: download it from its home, under its own licence, and import the files. The ' +
      'licences are as the sets state them; some allow no commercial use. `threat` is what the malicious rows are about: ' +
      'sets about harm test moderation, and their rates say nothing about injections.',
    ['| Adapter | Reads | Home | Licence | Threat |\n|---|---|---|---|---|', ...rows].join('\n'),
    '',
  ].join('\n\n')
}

function escape(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}

// Copies what the compiler leaves behind: files under src/ that the built program reads or serves as they are.
import { cpSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

const ASSET = /\.(?:ya?ml|css|html|js)$/

for (const entry of readdirSync('src', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !ASSET.test(entry.name)) continue
  const source = join(entry.parentPath, entry.name)
  cpSync(source, join('dist', relative('src', source)))
}

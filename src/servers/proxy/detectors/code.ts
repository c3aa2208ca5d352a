import { Hints } from '../text/hints.ts'
import { excerpt, type PieceDetector, type Signal } from './detector.ts'

interface CodePattern {
  readonly rule: string
  readonly type: string
  readonly pattern: RegExp
  /** One has to be in the text. */
  readonly hints: Hints
  readonly confidence: number
  readonly description: string
  /** A question about code has this too. */
  readonly weak?: boolean
}

const SPACES = [' ', '\t', '\n', '\r', '\v', '\f']

/** Commands, queries and expressions that run where a tool takes them as they are. */
export const CODE_PATTERNS: readonly CodePattern[] = [
  {
    rule: 'code/shell-substitution',
    type: 'shell_injection',
    pattern:
      /\$\((?:[^)(\n]{1,120}|\(\([^)\n]{1,60}\)\))\)|`(?:echo|cat|id|whoami|ls|curl|wget|env|printenv|uname)\b[^`\n]{0,120}`/i,
    hints: new Hints(['$(', '`']),
    confidence: 0.55,
    description: 'a command that a shell replaces by its output',
    weak: true,
  },
  {
    rule: 'code/shell-reconnaissance',
    type: 'shell_injection',
    pattern:
      /\$\(\s?(?:whoami|id|cat|ls|env|printenv|uname|curl|wget|nc|hostname|pwd|base64|head|tail)\b[^)\n]{0,120}\)/i,
    hints: new Hints(['$(']),
    confidence: 0.82,
    description: 'a command that a shell replaces by what it tells of the machine',
  },
  {
    rule: 'code/shell-chain',
    type: 'shell_injection',
    pattern:
      /(?:;|&&|\|\|?)\s{0,3}(?:rm\s+-[rf]|cat\s+[~./]|curl\s|wget\s|nc\s|bash\b|sh\s+-c|chmod\s|env\b|printenv|base64\s|tee\s|eval\s|python3?\s+-c)/i,
    hints: new Hints([';', '&&', '|']),
    confidence: 0.6,
    description: 'a further command chained to the first',
    weak: true,
  },
  {
    rule: 'code/environment-dump',
    type: 'shell_injection',
    pattern:
      /\b(?:env|printenv|set)\s?(?:\||>)\s?\S|\bcat\s+\S{0,80}(?:\.env\b|\.ssh|id_rsa|\/etc\/(?:passwd|shadow)|token|secret|credential|\.tok\b|_tok\b)/i,
    hints: new Hints(['|', '>', ...SPACES.map((space) => `cat${space}`)]),
    confidence: 0.7,
    description: 'a command that prints secrets of the machine',
  },
  {
    rule: 'code/sql-tautology',
    type: 'p2sql_injection',
    pattern:
      /['"]\s{0,3}(?:or|and)\s{1,3}['"]?\w{1,12}['"]?\s{0,3}=\s{0,3}['"]?\w{1,12}['"]?\s{0,3}(?:--|#|;|\/\*|$)?/i,
    hints: new Hints(["'", '"']),
    confidence: 0.85,
    description: 'a quote that ends a literal, and a condition that is always true',
  },
  {
    rule: 'code/sql-stacked',
    type: 'p2sql_injection',
    pattern:
      /['")]\s{0,3};\s{0,3}(?:drop|delete|insert|update|alter|create|grant|truncate|exec)\s{1,3}\w|\bunion\s{1,3}(?:all\s{1,3})?select\b|\binto\s{1,3}outfile\b|\bxp_cmdshell\b/i,
    hints: new Hints([';', 'union', 'outfile', 'xp_cmd']),
    confidence: 0.85,
    description: 'a second statement or a union within a value',
  },
  {
    rule: 'code/sql-subquery',
    type: 'p2sql_injection',
    pattern:
      /\bcase\s{1,3}when\s{0,3}\(\s{0,3}select\b|\(\s{0,3}select\s[^)\n]{1,120}\bfrom\s+\w{0,40}(?:secret|password|token|credential|user)s?\b/i,
    hints: new Hints(['select']),
    confidence: 0.8,
    description: 'a query within an expression',
  },
  {
    rule: 'code/python-escape',
    type: 'code_injection',
    pattern: /__(?:import|subclasses|globals|builtins|mro)__|\bos\.popen\b|!!python\/object/i,
    hints: new Hints(['__', 'os.popen', '!!python']),
    confidence: 0.85,
    description: 'an expression of Python that gets out of where it is evaluated',
  },
  {
    rule: 'code/python-system',
    type: 'code_injection',
    pattern:
      /\bos\.(?:system|getenv|environ)\b|\bsubprocess\.(?:run|popen|call|check_output)\b|\bpickle\.loads?\b/i,
    hints: new Hints(['os.', 'subprocess', 'pickle']),
    confidence: 0.5,
    description: 'a call of Python that reaches the system',
    weak: true,
  },
  {
    rule: 'code/template-expression',
    type: 'code_injection',
    pattern:
      /\{\{[^{}\n]{0,80}(?:config|self|request|cycler|joiner|lipsum|__|\d\s?\*\s?\d)|<%=?\s?(?:`|system|exec|File|IO|\d)|\$\{[^{}\n]{0,80}(?:\.getRuntime|T\(java|Execute|\?new\(\)|\.credentials|\.data_model|jndi:)/i,
    hints: new Hints(['{{', '<%', '${']),
    confidence: 0.8,
    description: 'an expression that a template engine evaluates',
  },
  {
    rule: 'code/script',
    type: 'code_injection',
    pattern:
      /<script\b[^>]{0,120}>[^<]{0,400}(?:fetch\(|document\.|cookie|localStorage|XMLHttpRequest|location)|\bon(?:error|load|click|mouseover|focus)\s?=\s?["']?[^"'>\s]{0,120}(?:fetch|document|alert|location|eval)|\bjavascript:[^\s"']{4,120}/i,
    hints: new Hints([
      '<script',
      'onerror',
      'onload',
      'onclick',
      'onmouseover',
      'onfocus',
      'javascript:',
    ]),
    confidence: 0.8,
    description: 'a script for the browser of whoever reads the answer',
  },
]

export const code: PieceDetector = {
  name: 'code',
  inspect({ text, trigrams, answer }) {
    if (answer) return []
    const lower = text.toLowerCase()
    return CODE_PATTERNS.flatMap((one): Signal[] => {
      if (!one.hints.within(lower, trigrams)) return []
      const match = one.pattern.exec(text)
      if (match === null) return []
      return [
        {
          type: one.type,
          family: 'code',
          severity: 'High',
          confidence: one.confidence,
          description: one.description,
          rule: one.rule,
          evidence: excerpt(text, match.index, match.index + match[0].length),
          at: match.index,
          weak: one.weak ?? false,
        },
      ]
    })
  },
}

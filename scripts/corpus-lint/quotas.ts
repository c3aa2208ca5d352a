/** What the corpus has to hold, at least. docs/datasets.md explains the numbers. */
export interface Quotas {
  /** Malicious rows by category and subcategory. */
  readonly malicious: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Benign rows by category. */
  readonly benign: Readonly<Record<string, number>>
  /** Rows of these categories in each language. */
  readonly perLanguage: Readonly<Record<string, number>>
  readonly languages: readonly string[]
  /** Hard negatives with one, two and three trigger words each. */
  readonly perTriggerCount: number
  readonly pairs: number
  /** Malicious rows that `--subcategory-contains` finds: the specification's examples select by these. */
  readonly findable: Readonly<Record<string, number>>
  /** Percent of all rows in each length bucket, give or take `lengthTolerance`. */
  readonly lengths: Readonly<Record<string, number>>
  readonly lengthTolerance: number
  /** Least percent of the rows with a known attack position that each position has. */
  readonly perPosition: number
  /** Rows of the suites beside core. */
  readonly suites: Readonly<Record<string, number>>
  /** Share of the shorter row's 8-grams that two rows may have in common, unless they are a pair. */
  readonly overlap: number
}

export const QUOTAS: Quotas = {
  malicious: {
    system_override: {
      'system_override.ignore_previous': 10,
      'system_override.new_instructions': 8,
      'system_override.policy_replacement': 8,
      'system_override.false_priority': 6,
      'system_override.delimiter_break': 4,
    },
    role_injection: {
      'role_injection.fake_system_turn': 8,
      'role_injection.chat_template_tokens': 8,
      'role_injection.authority_claim': 8,
      'role_injection.developer_mode': 8,
    },
    instruction_bypass: {
      hypothetical: 6,
      fiction_frame: 6,
      refusal_suppression: 6,
      output_format_trap: 6,
      urgency_flattery: 6,
    },
    prompt_extraction: {
      verbatim: 8,
      translate_or_summarise: 6,
      partial_probe: 6,
      tool_schema: 6,
      encoded_output: 4,
      debug_dump: 4,
    },
    jailbreak_persona: {
      unrestricted_persona: 10,
      dual_response: 6,
      simulated_machine: 6,
      points_game: 4,
      opposite_day: 4,
    },
    encoding_evasion: {
      base64: 6,
      nested: 3,
      hex: 4,
      rot13: 4,
      percent: 3,
      html_entity: 3,
      unicode_escape: 3,
      leet: 5,
      homoglyph: 5,
      zero_width: 4,
      tag_chars: 4,
      bidi: 2,
      fullwidth: 3,
      diacritics: 2,
      reversed: 2,
      morse: 2,
      braille_binary: 1,
    },
    payload_splitting: {
      variables: 6,
      multi_message: 6,
      table_cells: 4,
      acrostic: 4,
      code_assembly: 4,
    },
    many_shot: { '5_turns': 6, '20_turns': 6, '60_turns': 4, context_flood: 4 },
    indirect_injection: {
      document: 10,
      email: 10,
      html_hidden: 8,
      tool_json: 10,
      code_comment: 6,
      csv_table: 6,
      ticket_calendar: 6,
    },
    data_exfiltration: {
      markdown_image: 10,
      link_query: 6,
      tool_call: 6,
      send_mail: 4,
      css_beacon: 4,
      dns_webhook: 4,
    },
    multilingual_attack: {
      es: 3,
      fr: 3,
      de: 3,
      pt: 3,
      zh: 3,
      ja: 3,
      ar: 3,
      ru: 3,
      hi: 3,
      tr: 3,
    },
    code_injection: { shell: 8, sql: 6, python_eval: 6, ssti: 4, xss: 4 },
    resource_abuse: { endless_output: 4, recursive_task: 3, token_flood: 3 },
  },
  benign: {
    plain_task: 80,
    hard_negative: 120,
    benign_twin: 60,
    security_education: 50,
    benign_roleplay: 30,
    benign_encoding: 30,
    benign_document: 40,
    multilingual_benign: 40,
    long_context_benign: 20,
    format_edge: 10,
  },
  perLanguage: { multilingual_attack: 3, multilingual_benign: 4 },
  languages: ['es', 'fr', 'de', 'pt', 'zh', 'ja', 'ar', 'ru', 'hi', 'tr'],
  perTriggerCount: 40,
  pairs: 60,
  findable: { role_injection: 20, system_override: 20 },
  lengths: {
    '< 64': 15,
    '64 - 256': 35,
    '256 - 1k': 27,
    '1k - 4k': 13,
    '4k - 16k': 7,
    '16k - 32k': 3,
  },
  lengthTolerance: 1.5,
  perPosition: 25,
  suites: { dlp: 80, output: 40, shape: 20, mini: 120 },
  overlap: 0.3,
}

/** The 2025 list of OWASP's top ten for LLM applications. */
export const OWASP_IDS: ReadonlySet<string> = new Set(
  Array.from({ length: 10 }, (_, index) => `LLM${String(index + 1).padStart(2, '0')}:2025`),
)

/** The techniques of MITRE ATLAS that the corpus uses. */
export const ATLAS_IDS: ReadonlySet<string> = new Set([
  'AML.T0029',
  'AML.T0034',
  'AML.T0050',
  'AML.T0051.000',
  'AML.T0051.001',
  'AML.T0053',
  'AML.T0054',
  'AML.T0056',
  'AML.T0057',
  'AML.T0068',
  'AML.T0077',
  'AML.T0086',
])

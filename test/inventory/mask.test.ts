// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_LANGUAGES, languageOf } from '../../src/inventory/languages.ts';
import { maskComments, maskLongLines } from '../../src/inventory/mask.ts';
import { anyCharacter } from '../support/any-character.ts';

const mask = (path: string, text: string): string => maskComments(text, languageOf(path).comments);

/** Text in which marks of comments and strings are as frequent as they are in nobody's code. */
const code = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        "'",
        '`',
        '"""',
        "'''",
        '//',
        '/*',
        '*/',
        '#',
        '--',
        '--[[',
        ']]',
        '<!--',
        '-->',
        '=begin',
        '=end',
        '\\',
        '\n',
        '\r\n',
        ' ',
        '(*',
        '*)',
        '<#',
        '#>',
        ';',
        '!',
        'x = 1',
      ),
      fc.string({ unit: anyCharacter, maxLength: 5 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe.each(ALL_LANGUAGES)('masking of $id', ({ comments }) => {
  it('keeps the length and every line end, and only writes spaces', () => {
    fc.assert(
      fc.property(code, (text) => {
        const masked = maskComments(text, comments);
        expect(masked.length).toBe(text.length);
        for (let at = 0; at < text.length; at++) {
          if (masked[at] !== text[at])
            expect([masked[at], '\r\n'.includes(text[at] ?? '')]).toEqual([' ', false]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is a comment', () => {
  it.each([
    ['a.ts', 'a() // gone', 'a()        '],
    ['a.ts', 'u = "https://x" // gone', 'u = "https://x"        '],
    ['a.ts', 'u = `https://x ${a // stays`', 'u = `https://x ${a // stays`'],
    ['a.ts', 'a /* go\nne */ b', 'a      \n      b'],
    ['a.py', 'x = 1 # gone', 'x = 1       '],
    ['a.py', 'x = "# stays"', 'x = "# stays"'],
    [
      'a.py',
      'def f():\n    """gone"""\n    x = """stays"""',
      'def f():\n              \n    x = """stays"""',
    ],
    ['a.py', 'f(\n  """stays"""\n)', 'f(\n  """stays"""\n)'],
    ['a.sh', 'echo ${#a} # gone', 'echo ${#a}       '],
    ['a.sh', 'curl https://x/#stays', 'curl https://x/#stays'],
    ['a.yaml', 'url: https://x # gone', 'url: https://x       '],
    ['.env.example', '# gone\nA=b', '      \nA=b'],
    ['Dockerfile.dev', '# gone\nENV A=b', '      \nENV A=b'],
    ['a.go', 'u := `// stays` // gone', 'u := `// stays`        '],
    ['A.java', 'String u = """\n // stays\n """; // gone', 'String u = """\n // stays\n """;        '],
    ['a.rs', "fn f<'a>(x: &'a str) {} // gone", "fn f<'a>(x: &'a str) {}        "],
    ['a.php', '$a = 1; # gone', '$a = 1;       '],
    ['a.rb', 'a = "#{b}" # gone', 'a = "#{b}"       '],
    ['a.tf', 'a = "b" # gone', 'a = "b"       '],
    ['a.xml', '<a><!-- gone --></a>', '<a>             </a>'],
    ['a.properties', "# gone\nmotto=it's!fine", "      \nmotto=it's!fine"],
    ['a.lua', 'a = 1 -- gone', 'a = 1        '],
  ])('in %s: %j', (path, text, masked) => {
    expect(mask(path, text)).toBe(masked);
  });
});

describe('very long lines', () => {
  it('are masked, others are not', () => {
    const line = (length: number): string => 'x'.repeat(length);
    expect(maskLongLines(`a\n${line(2000)}\n${line(2001)}\r\nb`)).toBe(
      `a\n${line(2000)}\n${' '.repeat(2001)}\r\nb`,
    );
  });

  it('masks the documentation of Elixir and Perl, but not their other strings', () => {
    const elixir = mask(
      'a.ex',
      '@moduledoc """\nAsks gpt-4.\n"""\n@doc "asks gpt-4"\nprompt = """\ngpt-5\n"""\n',
    );
    expect(elixir).not.toContain('gpt-4');
    expect(elixir).toContain('gpt-5');
    expect(mask('A.pm', 'my $m = "gpt-5";\n\n=head1 MODELS\n\ngpt-4\n\n=cut\n')).not.toContain('gpt-4');
  });
});

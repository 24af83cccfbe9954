// What a messenger makes of **bold**, __italic__, ~~struck~~, `code`, [words](address) and lines that begin with ">".

const SIGNS = [
  [/\*\*(?=\S)(.+?)\*\*/gs, "<b>$1</b>"],
  [/__(?=\S)(.+?)__/gs, "<i>$1</i>"],
  [/~~(?=\S)(.+?)~~/gs, "<s>$1</s>"],
  [/`([^`\n]+)`/g, "<code>$1</code>"],
  [/\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/g, '<a href="$2">$1</a>'],
  [/^&gt; ?(.+(?:\n&gt; ?.+)*)/gm, (_, lines) => `<blockquote>${lines.replace(/\n&gt; ?/g, "\n")}</blockquote>`],
];

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** The text as Telegram's HTML where it holds such signs; null where it holds none. */
export function formatted(text) {
  const plain = escaped(text);
  const html = SIGNS.reduce((made, [sign, by]) => made.replace(sign, by), plain);
  return html === plain ? null : html;
}

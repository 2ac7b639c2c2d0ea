// What a scanner meant. It types like a keyboard, and its idea of the keyboard may differ from this computer's: a French
// computer turns an American scanner's "L1:" into "L&M". So each key is also read by its place.

const CODE = /^L1:[0-9A-Z $%*+\-./:]+$/;
const LETTERS = Object.fromEntries([..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter) => [`Key${letter}`, [letter, letter]]));
const SHARED = { Space: [" ", " "], NumpadDivide: ["/", "/"], NumpadMultiply: ["*", "*"], NumpadSubtract: ["-", "-"], NumpadAdd: ["+", "+"] };
const DIGITS = Object.fromEntries([..."0123456789"].map((digit) => [`Numpad${digit}`, [digit, digit]]));

const AMERICAN = {
  ...LETTERS, ...SHARED, ...DIGITS,
  ...row("Digit", "1234567890", "!@#$%^&*()"),
  Minus: ["-", "_"], Equal: ["=", "+"], Semicolon: [";", ":"], Comma: [",", "<"], Period: [".", ">"], Slash: ["/", "?"],
  NumpadDecimal: [".", "."],
};
const FRENCH = {
  ...LETTERS, ...SHARED, ...DIGITS,
  ...row("Digit", "&é\"'(-è_çà", "1234567890"),
  KeyQ: ["A", "A"], KeyA: ["Q", "Q"], KeyW: ["Z", "Z"], KeyZ: ["W", "W"], Semicolon: ["M", "M"],
  KeyM: [",", "?"], Comma: [";", "."], Period: [":", "/"], Slash: ["!", "§"],
  Equal: ["=", "+"], BracketRight: ["$", "£"], Quote: ["ù", "%"], Backslash: ["*", "µ"], NumpadDecimal: [".", "."],
};

function row(prefix, plain, shifted) {
  const places = "1234567890";
  return Object.fromEntries([...plain].map((sign, place) => [`${prefix}${places[place]}`, [sign, shifted[place]]]));
}

function readBy(layout, keys) {
  return keys.map(({ code, shift }) => layout[code]?.[shift ? 1 : 0] ?? "\0").join("");
}

// The code of a locker bank that these key presses spell in one layout or another, or null.
export function codeOf(keys) {
  const typed = keys.map(({ key }) => key).join("").toUpperCase();
  return [typed, readBy(AMERICAN, keys), readBy(FRENCH, keys)].find((text) => CODE.test(text)) ?? null;
}

// The digit on a key, also where the digits of a French keyboard need Shift.
export function digitOf({ key, code }) {
  if (/^[0-9]$/.test(key)) return key;
  return /^(Digit|Numpad)[0-9]$/.test(code) && !/^(Home|End|Page|Arrow|Insert|Delete|Clear)/.test(key) ? code.slice(-1) : null;
}

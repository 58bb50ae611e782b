/** The authority's own brand: names and colours of theme.json, which refuses what cannot be read. */
import theme from "../../theme.json";

export type Colours = typeof theme.colours;
export const brand = theme;

/** Pairs of colours that stand on each other, with the least contrast of WCAG 2.2 (1.4.3 text, 1.4.11 controls). */
export const PAIRS: readonly (readonly [front: keyof Colours, back: keyof Colours, least: number])[] = [
  ["text", "page", 4.5], ["text", "surface", 4.5], ["secondary-text", "page", 4.5],
  ["link", "page", 4.5], ["link", "surface", 4.5], ["link-hover", "page", 4.5], ["link-visited", "page", 4.5],
  ["brand-text", "brand", 4.5], ["brand", "page", 4.5], ["brand", "surface", 4.5], ["button-text", "button", 4.5],
  ["error", "page", 4.5], ["success", "page", 4.5], ["page", "success", 4.5], ["focus-text", "focus", 4.5],
  ["button", "page", 3], ["input-border", "page", 3], ["border", "page", 3], ["brand", "focus", 3],
];

/** The contrast ratio of two colours `#rrggbb` (WCAG 2.2, relative luminance): 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Each pair of a palette that people could not read. */
export function unreadable(colours: Colours): string[] {
  return PAIRS.filter(([front, back, least]) => contrast(colours[front], colours[back]) < least)
    .map(([front, back, least]) => `${front} on ${back} is below ${least}:1`);
}

function darker(colour: string): string {
  return `#${[1, 3, 5].map((at) => Math.round(parseInt(colour.slice(at, at + 2), 16) * 0.6)
    .toString(16).padStart(2, "0")).join("")}`;
}

/** The custom properties that the style sheet reads. */
export function properties(colours: Colours): Readonly<Record<string, string>> {
  const govuk = ["text", "secondary-text", "link", "link-hover", "link-visited", "error", "success", "focus",
    "focus-text", "border", "input-border", "brand"] as const;
  return {
    ...Object.fromEntries(govuk.map((name) => [`--govuk-${name}-colour`, colours[name]])),
    "--govuk-body-background-colour": colours.page,
    "--govuk-template-background-colour": colours.page,
    "--govuk-surface-background-colour": colours.surface,
    "--govuk-surface-text-colour": colours.text,
    "--govuk-surface-border-colour": colours.border,
    "--govuk-hover-colour": colours.border,
    "--govuk-link-active-colour": colours.text,
    "--app-brand": colours.brand,
    "--app-brand-text": colours["brand-text"],
    "--app-button": colours.button,
    "--app-button-text": colours["button-text"],
    "--app-button-shadow": darker(colours.button),
  };
}

/** Sets the colours on the page. The content security policy allows this, but no style attribute in markup. */
export function applyTheme(root: HTMLElement): void {
  for (const [name, value] of Object.entries(properties(brand.colours))) root.style.setProperty(name, value);
}

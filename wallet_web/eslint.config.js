import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The core decides only: no page, no network, no clock, no randomness, and nothing from outside its folder. */
const pureCore = {
  files: ["src/core/**/*.ts"],
  rules: {
    "no-restricted-globals": ["error", "document", "window", "self", "globalThis", "navigator", "location", "history",
      "fetch", "XMLHttpRequest", "localStorage", "sessionStorage", "indexedDB", "performance", "setTimeout",
      "setInterval", "process", "Buffer", "console"],
    "no-restricted-properties": ["error",
      { object: "Date", property: "now" }, { object: "Math", property: "random" },
      { object: "crypto", property: "getRandomValues" }, { object: "crypto", property: "randomUUID" }],
    "no-restricted-syntax": ["error", { selector: "NewExpression[callee.name='Date']", message: "time is an argument" }],
    "no-restricted-imports": ["error", { patterns: [
      { regex: "^\\.\\./", message: "core imports core only" },
      { regex: "^@noble/", message: "loaded only where the browser lacks it: import()" }] }],
  },
};

export default defineConfig(
  { ignores: ["dist/", "node_modules/"] },
  js.configs.recommended,
  stylistic.configs.customize({ quotes: "double", semi: true, indent: 2, braceStyle: "1tbs", arrowParens: true }),
  {
    rules: {
      "@stylistic/max-len": ["error", { code: 132, ignoreUrls: true }],
      "@stylistic/quotes": ["error", "double", { avoidEscape: true }],
      "@stylistic/max-statements-per-line": ["error", { max: 2 }],
      "@stylistic/operator-linebreak": ["error", "before", { overrides: { "=": "after" } }],
      "@stylistic/indent-binary-ops": "off",
      "@stylistic/multiline-ternary": "off",
      "max-lines": ["error", 320],
      "eqeqeq": "error",
      // Refusing control characters is what ours are for.
      "no-control-regex": "off",
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Code points are what our specs count.
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  { files: ["scripts/*.mjs"], languageOptions: { globals: { console: "readonly" } } },
  { files: ["test/**"], rules: { "@stylistic/max-len": ["error", { code: 170 }] } },
  // Vectors need jose's setters of keys and nonces, which it keeps for them and calls deprecated.
  { files: ["test/vectors/jwe.ts"], rules: { "@typescript-eslint/no-deprecated": "off" } },
  // Words change with the language: what is taken while a file loads would stay in the first one.
  {
    files: ["src/views/**", "src/state/**"],
    rules: {
      "no-restricted-syntax": ["error", {
        selector: "Program > VariableDeclaration > VariableDeclarator > "
          + ".init:matches([name=/Text$/], MemberExpression:has([name=/Text$/]))",
        message: "words are looked up where they are shown",
      }],
    },
  },
  { files: ["src/text/**"], rules: { "max-lines": "off" } },
  pureCore,
);

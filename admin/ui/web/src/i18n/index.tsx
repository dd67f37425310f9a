// Words in four languages. A page keeps its own beside it, as
// texts({ 'customer.new': ['New customer', 'Nuevo cliente', …] }), so that a
// missing translation does not compile; what many pages say is in common.ts.
import { createContext, useContext, type ReactNode } from 'react';
import { common } from './common';

export const langs = ['en', 'es', 'pt', 'fr'] as const;
export type Lang = (typeof langs)[number];
export const langNames: Record<Lang, string> = { en: 'English', es: 'Español', pt: 'Português', fr: 'Français' };

/** A text in English, Spanish, Portuguese and French. */
export type Text = readonly [string, string, string, string];
export type Params = Record<string, string | number | undefined>;

/** Texts of one page. Gaps are {name}; {n|device|devices} chooses by number. */
export function texts<K extends string>(entries: Record<K, Text>): Record<K, Text> {
  return entries;
}

const rules = new Map<Lang, Intl.PluralRules>();

/** fill puts params into the gaps of a text. */
export function fill(text: string, lang: Lang, params: Params = {}): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (gap, name: string, one?: string, other?: string) => {
    const value = params[name];
    if (one !== undefined) {
      let rule = rules.get(lang);
      if (!rule) rules.set(lang, (rule = new Intl.PluralRules(lang)));
      return rule.select(Number(value)) === 'one' ? one : (other ?? '');
    }
    if (value === undefined) return gap;
    return typeof value === 'number' ? new Intl.NumberFormat(lang).format(value) : value;
  });
}

const known = (s: string | null | undefined): Lang | undefined => langs.find((l) => s?.toLowerCase().startsWith(l));

/** The language to begin with: the one chosen here, else the browser's. */
export function startLang(): Lang {
  const asked = known(new URLSearchParams(location.search).get('lang')) ?? known(localStorage.getItem('lang'));
  return asked ?? navigator.languages.map(known).find(Boolean) ?? 'en';
}

const Language = createContext<{ lang: Lang; setLang: (l: Lang) => void }>({ lang: 'en', setLang: () => {} });

export function LanguageProvider({ lang, setLang, children }: { lang: Lang; setLang: (l: Lang) => void; children: ReactNode }) {
  return <Language.Provider value={{ lang, setLang }}>{children}</Language.Provider>;
}

export const useLang = () => useContext(Language);

/** useT gives the function that words a page's own keys and the common ones. */
export function useT<K extends string>(own?: Record<K, Text>) {
  const { lang } = useLang();
  const at = langs.indexOf(lang);
  return (key: K | keyof typeof common, params?: Params): string => {
    const text = (own as Record<string, Text> | undefined)?.[key] ?? common[key as keyof typeof common];
    return fill(text[at]!, lang, params);
  };
}

export type T<K extends string> = (key: K | keyof typeof common, params?: Params) => string;

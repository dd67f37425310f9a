// What a customer's form holds, and what the API gets of it.
import type { Schemas } from '@/api/client';
import type { WithActivation } from '@/parts/Activation';
import type { Values as ConnectionValues } from '@/pages/connections/data';
import { clean } from '@/parts/clean';

export type Customer = Schemas['Customer'];
type Input = Schemas['CustomerInput'];

type Texts = 'company' | 'parent' | 'name' | 'code' | 'plan' | 'kind' | 'taxId' | 'accountName' | 'country' | 'lang' | 'timezone' | 'reference' |
  'email' | 'website' | 'landline' | 'mobile' | 'fax' | 'state' | 'city' | 'zip' | 'address' | 'addressReference' | 'notes' | 'suspendReason' | 'defaultUserRole' | 'landingView';
type Switches = 'web' | 'ios' | 'android' | 'commands' | 'smsOn' | 'emailOn' | 'monitoring' | 'employee' | 'trial' | 'suspended' | 'internalSystem' | 'reseller';

export type Values = Record<Texts, string> & Record<Switches, boolean> & {
  tags: string[];
  cutOffDay: number | '';
  smsBudget: number | '';
  paidThrough: string | null;
};

export interface AdminValues extends WithActivation { firstName: string; lastName: string; email: string; username: string; phone: string }
/** What the wizard holds: the customer, and what is made right after it. */
export type WizardValues = Values & { admin: AdminValues; modules: string[]; connect: 'skip' | 'set'; connection: ConnectionValues; devices: string[] };

export const emptyValues: Values = {
  company: '', parent: '', name: '', code: '', plan: '', kind: 'natural', taxId: '', accountName: '', country: '', lang: '', timezone: '', reference: '',
  email: '', website: '', landline: '', mobile: '', fax: '', state: '', city: '', zip: '', address: '', addressReference: '', notes: '', suspendReason: '',
  defaultUserRole: 'customerUser', landingView: '',
  web: true, ios: true, android: true, commands: false, smsOn: true, emailOn: true, monitoring: true, employee: false,
  trial: false, suspended: false, internalSystem: false, reseller: false, tags: [], cutOffDay: '', smsBudget: '', paidThrough: null,
};

/** The fields of a customer that a form shows: all that a change must send again, as a PUT replaces the whole. */
export function valuesOf(c: Customer): Values {
  const out = { ...emptyValues } as Record<string, unknown>;
  for (const key of Object.keys(emptyValues)) {
    const stored = (c as unknown as Record<string, unknown>)[key];
    if (stored !== undefined) out[key] = stored;
  }
  return { ...(out as Values), kind: c.kind || 'natural', cutOffDay: c.cutOffDay || '', smsBudget: c.smsBudget || '' };
}

/** inputOf makes what the API takes; version is that of the customer being changed. */
export function inputOf(v: Values, version?: number): Input {
  return clean({ ...v, paidThrough: v.paidThrough ?? undefined, version } as unknown as Input);
}

type Carried = Exclude<keyof Input, keyof Values | '$schema' | 'version' | 'admin' | 'modules'>;
/** What forms do not show but a change must send again; a field that the API gains must be named here or shown. */
const carried: Record<Carried, true> = { extra: true, lat: true, lon: true, location: true };

/** kept is what a customer has besides the form's fields. */
export const kept = (c: Customer) => clean(Object.fromEntries(Object.keys(carried).map((k) => [k, (c as unknown as Record<string, unknown>)[k]])));

/** changed is a customer as it is, but for a few fields: for the tools that set one thing. */
export const changed = (c: Customer, change: Partial<Input>): Input => ({ ...kept(c), ...inputOf(valuesOf(c), c.version), ...change });

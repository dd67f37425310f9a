export { Clients, Operators } from './People';
export { Person } from './Person';

export { SignIn } from './SignIn';
export { SetUp } from './SetUp';
export { Activate } from './Activate';

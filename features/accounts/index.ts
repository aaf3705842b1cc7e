export {
  AllowLegacyToken,
  CurrentUser,
  getsOriginals,
  hasRole,
  hasRoleFor,
  type KeyedRequest,
  MinRole,
  OpenToSignature,
  type Principal,
  Public,
  type Role,
  Scans,
  seesExactPlaces,
  seesTrap,
  TrapLimit,
  Unlimited,
} from './access/access.js';
export { type Identity, PrincipalResolver } from './access/principal.js';
export { addressOf } from './access/rate.guard.js';
export { AccountsModule } from './accounts.module.js';
export {
  type Account,
  accountBySecret,
  isKeyName,
  listAccounts,
  type NewAccount,
  newSecret,
  putAccount,
  removeAccount,
} from './accounts.repository.js';
export { keyName } from './accounts.schema.js';
export { addTrapAccount } from './credentials.js';
export { SignedUrls } from './links/signed-url.js';
export { createLoginLink } from './login/login-links.repository.js';
export { hashPassword, newPassword } from './password.js';
export { NEVER_LOGGED } from './redacted-fields.js';
export { trapsOf } from './seen-traps.js';
export { SERVICE_KEY_FILE, secretIn } from './signing-keys.js';
export { passwordFault } from './strong-password.js';
export {
  addPerson,
  awaitsFirstPassword,
  changePerson,
  findPerson,
  listUsers,
  type Person,
  readPersonName,
  removePerson,
} from './users.repository.js';

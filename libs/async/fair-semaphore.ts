/** With less of it unfinished, work is under way that makes room by itself. */
const NEARLY_ALL = 0.95;

/** What an account and an address may hold of a whole, as fractions of it. */
interface ShareLimits {
  /** Default 1: one account may hold everything that nobody else asks for. */
  readonly account?: number;
  readonly address?: number;
}

interface Applicant {
  readonly member: Member;
  readonly weight: number;
  readonly granted: () => void;
  sinceMs: number;
}

/** What one account, or one address, holds. */
class Share {
  held = 0;
  members = 0;

  constructor(
    readonly name: string,
    readonly limit: number,
  ) {}

  fits(applicant: Applicant): boolean {
    return fits(this.held, this.limit, applicant);
  }
}

class AddressShare extends Share {
  /** Applicants by account. The account that was served longest ago comes first. */
  readonly queues = new Map<Share, Set<Applicant>>();
}

/** Who waits although others do not, and which of its limits it has reached. */
interface Blocked {
  readonly by: 'account' | 'address' | 'everyone';
  readonly account: string;
  readonly address: string;
  readonly waitingMs: number;
}

/**
 * A bounded weight (messages, bytes) that many share. Whoever does not fit waits. Free weight goes to the addresses
 * in turn, within an address to its accounts in turn, within an account to the first that came. Neither an account
 * nor an address holds more than its share, so that the rest is there for the others.
 */
export class FairSemaphore {
  #used = 0;
  #peak = 0;
  #waiting = 0;
  #isAdmitting = false;
  #admitAgain = false;
  readonly #accountLimit: number;
  readonly #addressLimit: number;
  readonly #accounts = new Map<string, Share>();
  readonly #addresses = new Map<string, AddressShare>();
  /** Addresses with applicants. The one that was served longest ago comes first. */
  readonly #ring = new Set<AddressShare>();
  readonly #members = new Set<Member>();
  #onEmpty: (() => void)[] = [];

  constructor(
    readonly capacity: number,
    { account = 1, address = 1 }: ShareLimits = {},
  ) {
    this.#accountLimit = capacity * account;
    this.#addressLimit = capacity * address;
  }

  get used(): number {
    return this.#used;
  }

  /** The most that was ever in use. */
  get peak(): number {
    return this.#peak;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * One connection or request that will ask for weight.
   *
   * @param evict ends it, where its unfinished transfer keeps others from going on; left out: it is never ended
   */
  join(account: string, address: string, evict?: () => void): Member {
    const accountShare = this.#accounts.get(account) ?? new Share(account, this.#accountLimit);
    const addressShare = this.#addresses.get(address) ?? new AddressShare(address, this.#addressLimit);
    this.#accounts.set(account, accountShare);
    this.#addresses.set(address, addressShare);
    accountShare.members++;
    addressShare.members++;
    const member: Member = new Member(accountShare, addressShare, evict, {
      acquire: (weight, granted) => this.#acquire(member, weight, granted),
      release: (weight) => this.#release(member, weight),
      leave: () => {
        if (!this.#members.delete(member)) return;
        accountShare.members--;
        addressShare.members--;
        this.#forgetUnused(member);
      },
    });
    this.#members.add(member);
    return member;
  }

  /** Weight that an account holds. */
  heldBy(account: string): number {
    return this.#accounts.get(account)?.held ?? 0;
  }

  /** Resolves when nothing is held. */
  whenEmpty(): Promise<void> {
    if (this.#used === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }

  /** Those who have waited for at least `minMs`: the first of each account and address. */
  blocked(nowMs: number, minMs: number): Blocked[] {
    const blocked: Blocked[] = [];
    for (const address of this.#ring) {
      for (const [account, queue] of address.queues) {
        const first = firstOf(queue);
        if (!first || nowMs - first.sinceMs < minMs) continue;
        const by = !account.fits(first) ? 'account' : !address.fits(first) ? 'address' : 'everyone';
        blocked.push({
          by,
          account: account.name,
          address: address.name,
          waitingMs: nowMs - first.sinceMs,
        });
      }
    }
    return blocked;
  }

  /**
   * Ends unfinished transfers that hold up others: where somebody has waited for `minMs`, and nearly all that is
   * held in the way is unfinished, so that waiting alone may never help. Of the account with most of it that one goes which
   * has brought least of late. Call it about once a second.
   *
   * @returns the members that were ended
   */
  relieve(nowMs: number, minMs: number): Member[] {
    const ended: Member[] = [];
    for (const { by, account, address } of this.blocked(nowMs, minMs)) {
      const held =
        by === 'account'
          ? this.heldBy(account)
          : by === 'address'
            ? (this.#addresses.get(address)?.held ?? 0)
            : this.#used;
      const inTheWay = [...this.#members].filter(
        (member) =>
          member.evict &&
          member.unfinished > 0 &&
          (by !== 'account' || member.account === account) &&
          (by !== 'address' || member.address === address),
      );
      const unfinished = sum(inTheWay);
      if (unfinished < held * NEARLY_ALL) continue;
      const largest = largestAccount(inTheWay);
      const slowest = inTheWay
        .filter((member) => member.account === largest)
        .reduce((least, member) => (member.recent < least.recent ? member : least));
      ended.push(slowest);
      slowest.evict?.();
    }
    return ended;
  }

  #acquire(member: Member, weight: number, granted: () => void): () => void {
    const { accountShare, addressShare } = member;
    const applicant: Applicant = { member, weight, granted, sinceMs: 0 };
    if (this.#waiting === 0 && this.#fits(applicant)) {
      this.#take(applicant);
      granted();
      return () => {};
    }
    applicant.sinceMs = Date.now();
    const queue = addressShare.queues.get(accountShare) ?? new Set();
    addressShare.queues.set(accountShare, queue.add(applicant));
    this.#ring.add(addressShare);
    this.#waiting++;
    this.#admit();
    return () => {
      if (!queue.delete(applicant)) return;
      this.#waiting--;
      this.#tidy(addressShare, accountShare, queue);
      this.#admit();
    };
  }

  #release(member: Member, weight: number): void {
    this.#used -= weight;
    member.accountShare.held -= weight;
    member.addressShare.held -= weight;
    if (this.#waiting > 0) this.#admit();
    if (this.#used === 0) for (const tell of this.#onEmpty.splice(0)) tell();
    this.#forgetUnused(member);
  }

  #fits(applicant: Applicant): boolean {
    const { accountShare, addressShare } = applicant.member;
    return this.#fitsWhole(applicant) && accountShare.fits(applicant) && addressShare.fits(applicant);
  }

  #fitsWhole(applicant: Applicant): boolean {
    return fits(this.#used, this.capacity, applicant);
  }

  #take({ member, weight }: Applicant): void {
    this.#used += weight;
    member.accountShare.held += weight;
    member.addressShare.held += weight;
    if (this.#used > this.#peak) this.#peak = this.#used;
  }

  /** What is granted may ask for more at once; that is served in its turn. */
  #admit(): void {
    this.#admitAgain = true;
    if (this.#isAdmitting) return;
    this.#isAdmitting = true;
    try {
      while (this.#admitAgain) {
        this.#admitAgain = false;
        while (this.#waiting > 0 && this.#admitNext());
      }
    } finally {
      this.#isAdmitting = false;
    }
  }

  #admitNext(): boolean {
    for (const address of this.#ring) {
      for (const [account, queue] of address.queues) {
        const applicant = firstOf(queue) as Applicant;
        // Over its own share: the others go on. Over what is shared: nobody lighter may overtake it.
        if (!account.fits(applicant)) continue;
        if (!address.fits(applicant)) break;
        if (!this.#fitsWhole(applicant)) return false;
        queue.delete(applicant);
        this.#waiting--;
        this.#take(applicant);
        this.#toTheEnd(address, account, queue);
        applicant.granted();
        return true;
      }
    }
    return false;
  }

  #toTheEnd(address: AddressShare, account: Share, queue: Set<Applicant>): void {
    address.queues.delete(account);
    if (queue.size > 0) address.queues.set(account, queue);
    this.#ring.delete(address);
    if (address.queues.size > 0) this.#ring.add(address);
  }

  #tidy(address: AddressShare, account: Share, queue: Set<Applicant>): void {
    if (queue.size === 0 && address.queues.get(account) === queue) address.queues.delete(account);
    if (address.queues.size === 0) this.#ring.delete(address);
  }

  #forgetUnused({ accountShare, addressShare }: Member): void {
    for (const [share, shares] of [
      [accountShare, this.#accounts],
      [addressShare, this.#addresses],
    ] as const) {
      const isUnused = share.members === 0 && share.held === 0;
      if (isUnused && shares.get(share.name) === share) shares.delete(share.name);
    }
  }
}

interface MemberActs {
  readonly acquire: (weight: number, granted: () => void) => () => void;
  readonly release: (weight: number) => void;
  readonly leave: () => void;
}

/** One connection or request at a {@link FairSemaphore}. */
export class Member {
  /** Weight of what has begun to come and is not whole yet. Kept by whoever receives it. */
  unfinished = 0;
  /** What came in the last while. Kept by whoever receives it. */
  recent = 0;

  constructor(
    readonly accountShare: Share,
    readonly addressShare: AddressShare,
    readonly evict: (() => void) | undefined,
    private readonly acts: MemberActs,
  ) {}

  get account(): string {
    return this.accountShare.name;
  }

  get address(): string {
    return this.addressShare.name;
  }

  /**
   * Calls `granted` when the weight is free: at once, or later. It stays taken until `release`.
   *
   * @returns gives up waiting; without effect once granted
   */
  acquire(weight: number, granted: () => void): () => void {
    return this.acts.acquire(weight, granted);
  }

  release(weight: number): void {
    this.acts.release(weight);
  }

  /** Asks for nothing any more. What it holds may be released later. */
  leave(): void {
    this.acts.leave();
  }
}

/** What is alone may go over the limit: something heavier than all of it would wait for ever otherwise. */
const fits = (held: number, limit: number, { member, weight }: Applicant): boolean =>
  held + weight <= limit || held === 0 || held === member.unfinished;

const firstOf = <T>(set: Set<T>): T | undefined => set.values().next().value;
const sum = (members: readonly Member[]): number =>
  members.reduce((total, { unfinished }) => total + unfinished, 0);

function largestAccount(members: readonly Member[]): string {
  const unfinished = new Map<string, number>();
  for (const member of members)
    unfinished.set(member.account, (unfinished.get(member.account) ?? 0) + member.unfinished);
  return [...unfinished].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}

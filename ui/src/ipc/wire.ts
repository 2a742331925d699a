// Written from Rust by `cargo xtask bindings`. Not edited by hand.

export type Mode = "live" | "test" | "practice";
export type Role = "clerk" | "manager" | "owner";
export type ChargeState = "open" | "awaiting_deposit" | "unknown" | "failed" | "voided" | "disputed" | "credited";
export type TransactionKind = "loading" | "spending" | "refund" | "reversal" | "clawback" | "expiry" | "adjustment" | "merge" | "opening";
export type PayMethod = "card" | "trans" | "vbank" | "phone" | "kakaopay" | "naverpay" | "tosspay" | "payco" | "samsungpay";
export type BookState = "auditing" | "ok" | "broken";
export type Connection = "practice" | "no_keys" | "no_channel" | "no_keyring" | "keyring_locked" | "connected" | "connecting" | "unreachable" | "keys_refused";
export type Event = { "kind": "charge", 
/**
 * Which.
 */
chargeId: ChargeId, 
/**
 * Whose.
 */
memberId: MemberId, } | { "kind": "member", 
/**
 * Whose.
 */
memberId: MemberId, } | { "kind": "state" };
export type Empty = Record<symbol, never>;
export type Nothing = Record<symbol, never>;
export type AppState = { 
/**
 * The book in use.
 */
mode: Mode, 
/**
 * Shown at the top; empty until the owner names the shop.
 */
shopName: string, 
/**
 * Who is signed in.
 */
staff: StaffView, 
/**
 * Whether the book proved itself since the start.
 */
book: BookState, 
/**
 * Whether PortOne can be asked.
 */
connection: Connection, 
/**
 * Charges that are not finished, of this book.
 */
waiting: number, 
/**
 * Live charges that still settle behind test mode or practice.
 */
liveWaiting: number, 
/**
 * Least sum of a charge.
 */
minWon: Won, 
/**
 * Largest sum of a charge.
 */
maxWon: Won, 
/**
 * What each preset costs and gives.
 */
presets: Array<ChargeQuote>, 
/**
 * The ways to pay, in the order of the screen.
 */
methods: Array<PayMethod>, 
/**
 * Modes that can be entered now.
 */
modes: Array<Mode>, 
/**
 * The channel's name, as PortOne's console shows it.
 */
channelName: string | null, 
/**
 * The channel's payment company, for example `html5_inicis`.
 */
pgProvider: string | null, 
/**
 * What somebody has to know about the backups.
 */
backup: BackupWarning, 
/**
 * This book was put back from a backup, and PortOne was not asked yet: no charge is started.
 */
restorePending: boolean, 
/**
 * Payments whose charge was lost, and that wait for a manager.
 */
orphans: number, };
export type StaffView = { 
/**
 * Their number.
 */
id: StaffId, 
/**
 * Their name.
 */
name: string, 
/**
 * What they may do.
 */
role: Role, };
export type QuoteAsk = { 
/**
 * The sum, in won.
 */
won: number, };
export type ChargeQuote = { 
/**
 * What the customer pays.
 */
won: Won, 
/**
 * The bonus on top.
 */
bonus: Points, 
/**
 * Paid and bonus points together.
 */
points: Points, 
/**
 * When the bonus goes.
 */
bonusExpiresAt: UnixMillis | null, };
export type ChargeStart = { 
/**
 * Made once by the screen and kept until answered; any UUID.
 */
chargeId: ChargeId, 
/**
 * Who gets the points.
 */
memberId: MemberId, 
/**
 * What is paid, in won.
 */
won: number, 
/**
 * How.
 */
method: PayMethod, 
/**
 * `true`: the same member and sum within ten minutes is meant.
 */
repeatOk?: boolean, };
export type ChargeStarted = { 
/**
 * The page to pay on; `null` when there is nothing left to pay.
 */
checkoutUrl: string | null, 
/**
 * PortOne's name for the order.
 */
merchantUid: string, 
/**
 * Where the charge stands.
 */
state: ChargeState, };
export type ChargeAsk = { 
/**
 * Which.
 */
chargeId: ChargeId, };
export type ChargeView = { 
/**
 * The screen's own id.
 */
chargeId: ChargeId, 
/**
 * Who gets the points.
 */
memberId: MemberId, 
/**
 * Their name.
 */
memberName: string, 
/**
 * Their number, masked.
 */
phoneMasked: string, 
/**
 * What is paid.
 */
won: Won, 
/**
 * The promised bonus.
 */
bonus: Points, 
/**
 * Paid and bonus points together.
 */
points: Points, 
/**
 * The way of paying.
 */
method: string, 
/**
 * PortOne's name for the order.
 */
merchantUid: string, 
/**
 * The payment company of the frozen channel.
 */
pgProvider: string, 
/**
 * Where it stands.
 */
state: ChargeState, 
/**
 * Why it failed, was voided or is disputed: a code for the screen.
 */
reason: string | null, 
/**
 * PortOne's or the payment company's own words, to be shown as a quotation.
 */
reasonText: string | null, 
/**
 * When it was started, by PortOne's clock.
 */
startedAt: UnixMillis, 
/**
 * When PortOne last answered about it.
 */
lookedUpAt: UnixMillis | null, 
/**
 * When the points were written.
 */
creditedAt: UnixMillis | null, 
/**
 * The transaction that wrote them.
 */
transactionId: TransactionId | null, 
/**
 * The proof: what PortOne confirmed.
 */
payment: PaymentView | null, 
/**
 * Where to pay into, while a deposit is awaited.
 */
deposit: DepositView | null, 
/**
 * The clerk went on to the next customer.
 */
abandoned: boolean, 
/**
 * The money came after the clerk had given up, or after a failure.
 */
late: boolean, 
/**
 * The page to pay on, while it is open.
 */
checkoutUrl: string | null, 
/**
 * The member's points before, once credited.
 */
balanceBefore: Points | null, 
/**
 * The member's points after, once credited.
 */
balanceAfter: Points | null, 
/**
 * Payments under this charge that nobody may keep: shown to a manager.
 */
disputes: Array<DisputeView>, 
/**
 * What happened, in order.
 */
steps: Array<StepView>, };
export type PaymentView = { 
/**
 * PortOne's name for the payment.
 */
impUid: string, 
/**
 * The card company's approval number.
 */
approvalNumber: string | null, 
/**
 * The card's name.
 */
cardName: string | null, 
/**
 * The payment company.
 */
pgProvider: string, 
/**
 * How it was paid, as PortOne says it.
 */
payMethod: string | null, 
/**
 * The payment company's receipt, https only.
 */
receiptUrl: string | null, 
/**
 * When it was paid, by PortOne's clock.
 */
paidAt: UnixMillis, 
/**
 * When PortOne was asked.
 */
lookedUpAt: UnixMillis, };
export type DepositView = { 
/**
 * The bank.
 */
bank: string, 
/**
 * The account.
 */
account: string, 
/**
 * The name on it.
 */
holder: string | null, 
/**
 * The last moment.
 */
dueAt: UnixMillis | null, };
export type DisputeView = { 
/**
 * PortOne's name for the payment.
 */
impUid: string, 
/**
 * What was paid, where PortOne named a whole sum.
 */
won: Won | null, 
/**
 * The check that failed, as a code.
 */
reason: string, 
/**
 * When it was found.
 */
foundAt: UnixMillis, };
export type StepView = { 
/**
 * When.
 */
at: UnixMillis, 
/**
 * What: `opened`, `announced`, `window_opened`, `hint`, `looked_up`, `state`, `abandoned`, `credited`, `disputed`.
 */
kind: string, 
/**
 * More of it, as a code.
 */
detail: string | null, };
export type Waiting = { 
/**
 * The oldest first.
 */
charges: Array<ChargeView>, };
export type MemberCreate = { 
/**
 * As the customer says it.
 */
name: string, 
/**
 * Any spelling of a Korean number.
 */
phone: string, 
/**
 * The shop's note.
 */
memo?: string, 
/**
 * Made once by the screen, so that pressing twice makes one member.
 */
requestId?: RequestId, 
/**
 * What the customer agreed to, for example `terms`, `marketing`.
 */
consents?: Array<string>, };
export type MemberCreated = { 
/**
 * The member's number.
 */
memberId: MemberId, };
export type MemberEdit = { 
/**
 * Whose.
 */
memberId: MemberId, 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * The new name.
 */
name: string, 
/**
 * The new number.
 */
phone: string, 
/**
 * The new note.
 */
memo?: string, };
export type MemberEdited = { 
/**
 * Its version, from 1.
 */
version: number, };
export type MemberSearch = { 
/**
 * What was typed.
 */
query: string, 
/**
 * At most this many, 20 unless told, 100 at most.
 */
limit?: number, };
export type MemberRows = { 
/**
 * The latest visitor first.
 */
rows: Array<MemberRow>, 
/**
 * There are more than were asked for.
 */
more: boolean, };
export type MemberRow = { 
/**
 * The member's number.
 */
memberId: MemberId, 
/**
 * The name.
 */
name: string, 
/**
 * The number, masked.
 */
phoneMasked: string, 
/**
 * Paid and bonus points together.
 */
balance: Points, 
/**
 * The shop's note.
 */
memo: string | null, 
/**
 * The last transaction.
 */
lastVisit: UnixMillis | null, };
export type MemberAsk = { 
/**
 * Whose.
 */
memberId: MemberId, };
export type MemberCard = { 
/**
 * The member's number.
 */
memberId: MemberId, 
/**
 * The name.
 */
name: string, 
/**
 * The number, masked.
 */
phoneMasked: string, 
/**
 * The shop's note.
 */
memo: string | null, 
/**
 * Since when.
 */
since: UnixMillis, 
/**
 * Points that were paid for.
 */
paid: Points, 
/**
 * Points that were given on top.
 */
bonus: Points, 
/**
 * Both together.
 */
balance: Points, 
/**
 * What is left of each loading, in the order of use.
 */
lots: Array<LotView>, 
/**
 * The latest first, at most ten.
 */
transactions: Array<TransactionView>, 
/**
 * This member's charges that are not finished.
 */
waiting: Array<ChargeView>, };
export type LotView = { 
/**
 * Its name.
 */
lotId: LotId, 
/**
 * Paid points left.
 */
paid: Points, 
/**
 * Bonus points left.
 */
bonus: Points, 
/**
 * When the paid points go; `null`: never.
 */
paidExpiresAt: UnixMillis | null, 
/**
 * When the bonus goes; `null`: never.
 */
bonusExpiresAt: UnixMillis | null, 
/**
 * When it was made.
 */
madeAt: UnixMillis, };
export type TransactionView = { 
/**
 * Its name.
 */
transactionId: TransactionId, 
/**
 * Its place in the book, from 1, without gaps.
 */
seq: number, 
/**
 * What it is.
 */
kind: TransactionKind, 
/**
 * Whose.
 */
memberId: MemberId, 
/**
 * The name now.
 */
memberName: string, 
/**
 * When.
 */
at: UnixMillis, 
/**
 * The shop's day, as `2026-11-23`.
 */
businessDate: string, 
/**
 * Change of paid points; negative when they went.
 */
paidChange: number, 
/**
 * Change of bonus points.
 */
bonusChange: number, 
/**
 * The balance after it.
 */
balanceAfter: Points, 
/**
 * Who did it.
 */
staffName: string, 
/**
 * The charge that it credited.
 */
chargeId: ChargeId | null, 
/**
 * The transaction that it takes back.
 */
reverses: TransactionId | null, 
/**
 * It was taken back by another one.
 */
reversed: boolean, 
/**
 * The money came late.
 */
late: boolean, 
/**
 * Something of the charge is to be seen to: it was cancelled outside, or paid twice.
 */
disputed: boolean, 
/**
 * The proof of a charge.
 */
payment: PaymentView | null, 
/**
 * Why, in the clerk's words.
 */
note: string | null, };
export type SpendAsk = { 
/**
 * Whose.
 */
memberId: MemberId, 
/**
 * How many.
 */
points: number, };
export type SpendPreview = { 
/**
 * The balance now.
 */
before: Points, 
/**
 * The balance then.
 */
after: Points, 
/**
 * From which lots.
 */
takes: Array<TakeView>, };
export type TakeView = { 
/**
 * The lot.
 */
lotId: LotId, 
/**
 * Paid points.
 */
paid: Points, 
/**
 * Bonus points.
 */
bonus: Points, 
/**
 * The lot's first date of expiry.
 */
expiresAt: UnixMillis | null, };
export type Spend = { 
/**
 * Made once by the screen and kept until answered.
 */
useId: RequestId, 
/**
 * Whose.
 */
memberId: MemberId, 
/**
 * How many.
 */
points: number, };
export type Spent = { 
/**
 * The transaction.
 */
transactionId: TransactionId, 
/**
 * The balance before.
 */
before: Points, 
/**
 * The balance after.
 */
after: Points, 
/**
 * From which lots.
 */
takes: Array<TakeView>, };
export type Undo = { 
/**
 * Made once by the screen.
 */
undoId: RequestId, 
/**
 * Which transaction.
 */
transactionId: TransactionId, 
/**
 * Why.
 */
reason: string, };
export type Undone = { 
/**
 * The transaction that did it.
 */
transactionId: TransactionId, 
/**
 * The balance before.
 */
before: Points, 
/**
 * The balance after.
 */
after: Points, };
export type HistoryAsk = { 
/**
 * Only this member's.
 */
memberId?: MemberId, 
/**
 * Only these kinds; all when absent or empty.
 */
kinds?: Array<TransactionKind>, 
/**
 * Only from this business day on, `2026-11-23`.
 */
from?: string, 
/**
 * Only up to this business day.
 */
to?: string, 
/**
 * Only before this place in the book: the `next` of the page before.
 */
before?: number, 
/**
 * At most this many, 50 unless told, 200 at most.
 */
limit?: number, };
export type HistoryPage = { 
/**
 * The latest first.
 */
rows: Array<TransactionView>, 
/**
 * Where the next page starts; `null` at the end.
 */
next: number | null, };
export type BookReport = { 
/**
 * The chain and every balance are as they should be.
 */
ok: boolean, 
/**
 * How many transactions.
 */
transactions: number, 
/**
 * The last hash, in hex.
 */
head: string, 
/**
 * The first row that is not as it should be.
 */
firstBad: BadRow | null, };
export type BadRow = { 
/**
 * Its place in the book.
 */
seq: number, 
/**
 * What is wrong, as a code.
 */
fault: string, };
export type SettingsView = { 
/**
 * The shop's name.
 */
shopName: string, 
/**
 * Largest sum of one charge.
 */
maxChargeWon: Won, 
/**
 * The sums on the tiles, at most five.
 */
presetWon: Array<Won>, 
/**
 * The hour at which the shop's day turns, 0 to 23, in Seoul.
 */
dayTurnsAtHour: number, 
/**
 * The bonus rule in force.
 */
bonusRule: BonusRuleView | null, 
/**
 * Whether keys are stored, and where they would be.
 */
keys: KeysView, 
/**
 * 고객사 식별코드, for example `imp12345678`; public.
 */
userCode: string | null, 
/**
 * The proxy between this machine and PortOne, where the owner named one.
 */
proxy: string | null, 
/**
 * The chosen channel's key.
 */
channelKey: string | null, 
/**
 * The channel's name.
 */
channelName: string | null, };
export type BonusRuleView = { 
/**
 * Whole percent of the sum.
 */
percent: number, 
/**
 * From this sum on.
 */
minWon: Won, 
/**
 * How long the bonus lasts.
 */
validDays: number, };
export type KeysView = { 
/**
 * Keys are stored.
 */
stored: boolean, 
/**
 * The last four characters of the REST API key, to tell keys apart.
 */
keyEndsWith: string | null, 
/**
 * How the keyring stands.
 */
keyring: KeyringState, };
export type KeyringState = "asking" | "ok" | "locked" | "unavailable";
export type SettingsShop = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * The shop's name, at most 40 characters.
 */
shopName: string, 
/**
 * Largest sum of one charge.
 */
maxChargeWon: number, 
/**
 * The sums on the tiles, at most five.
 */
presetWon: Array<Won>, 
/**
 * The hour at which the shop's day turns.
 */
dayTurnsAtHour: number, };
export type SettingsProxy = { 
/**
 * Its address, for example `http://10.0.0.1:3128`, without a name and password; `null` or empty: there is none.
 */
proxy?: string, };
export type BonusRuleSet = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Whole percent, 0 to 100.
 */
percent: number, 
/**
 * From this sum on.
 */
minWon: number, 
/**
 * How long the bonus lasts, 1 to 3650 days.
 */
validDays: number, };
export type KeysSave = { 
/**
 * REST API key.
 */
impKey: string, 
/**
 * REST API secret.
 */
impSecret: string, 
/**
 * 고객사 식별코드.
 */
userCode: string, };
export type Channels = { 
/**
 * In PortOne's order.
 */
channels: Array<ChannelView>, };
export type ChannelView = { 
/**
 * Its key.
 */
channelKey: string, 
/**
 * Its name in PortOne's console.
 */
name: string, 
/**
 * The payment company.
 */
pgProvider: string, 
/**
 * The shop's name at the payment company (MID).
 */
pgId: string, 
/**
 * A test channel; `null`: PortOne did not say.
 */
sandbox: boolean | null, 
/**
 * It is of this mode and can be chosen.
 */
usable: boolean, };
export type ChannelChoose = { 
/**
 * Its key.
 */
channelKey: string, };
export type ModeSwitch = { 
/**
 * To which.
 */
mode: Mode, };
export type BackupWarning = "none" | "not_set" | "failed" | "old" | "drill_failed" | "drill_old";
export type BackupRunView = { 
/**
 * When.
 */
at: UnixMillis, 
/**
 * The file's name, where it came that far.
 */
file: string | null, 
/**
 * Why it is not good, as an error's code.
 */
fault: string | null, };
export type BackupView = { 
/**
 * Where they go.
 */
folder: string | null, 
/**
 * One is made each day.
 */
daily: boolean, 
/**
 * What somebody has to know.
 */
warning: BackupWarning, 
/**
 * The latest, good or not.
 */
last: BackupRunView | null, 
/**
 * The latest good one.
 */
good: BackupRunView | null, 
/**
 * The latest drill, good or not.
 */
drill: BackupRunView | null, 
/**
 * When the recovery key was last shown; `null`: never, and with the PC the backups would be lost.
 */
keyShownAt: UnixMillis | null, 
/**
 * This book was put back from a backup, and PortOne was not asked yet.
 */
restorePending: boolean, 
/**
 * This book was put back from a backup at this time.
 */
restoredAt: UnixMillis | null, };
export type BackupSettingsSet = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * A whole path; `null` or empty: no backups.
 */
folder?: string, 
/**
 * One each day.
 */
daily: boolean, };
export type BackupNow = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, };
export type BackupFiles = { 
/**
 * The newest first.
 */
files: Array<BackupFileView>, };
export type BackupFileView = { 
/**
 * Its name.
 */
file: string, 
/**
 * The shop's day.
 */
day: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * It is of the book in use; one of another book fits only an empty book.
 */
ownBook: boolean, };
export type RestoreCheck = { 
/**
 * Its file name.
 */
file: string, };
export type RestoreChecked = { 
/**
 * Its file name.
 */
file: string, 
/**
 * When it was made.
 */
madeAt: UnixMillis, 
/**
 * How many transactions are in it.
 */
transactions: number, 
/**
 * The last hash in it.
 */
head: string, 
/**
 * How many transactions the book in use has more; `null`: the two are not one history.
 */
behind: number | null, };
export type RestoreAsk = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Its file name.
 */
file: string, };
export type RestoreReport = { 
/**
 * The backup; `null`: this book was never put back, and the rest says nothing.
 */
file: string | null, 
/**
 * When the backup was made: what was used since then is not in this book.
 */
madeAt: UnixMillis | null, 
/**
 * When it was put back.
 */
restoredAt: UnixMillis | null, 
/**
 * The file name of the book that was put aside.
 */
aside: string | null, 
/**
 * When PortOne had answered; `null`: not yet, and no charge is started.
 */
askedAt: UnixMillis | null, 
/**
 * How many payments of ours PortOne named.
 */
payments: number, 
/**
 * How many of them are of charges that the backup has.
 */
known: number, 
/**
 * Payments that wait for a manager.
 */
orphans: Array<OrphanView>, 
/**
 * The put-aside book could be read, and `lost` is all of it.
 */
lostKnown: boolean, 
/**
 * What that book has that this one has not.
 */
lost: Array<LostView>, };
export type LostView = { 
/**
 * What it was.
 */
kind: TransactionKind, 
/**
 * Whose, as the put-aside book numbered them.
 */
memberId: MemberId, 
/**
 * Their name, where this book has them.
 */
memberName: string | null, 
/**
 * By how many points, paid and bonus together.
 */
points: number, 
/**
 * When.
 */
at: UnixMillis, };
export type Orphans = { 
/**
 * The oldest first.
 */
orphans: Array<OrphanView>, };
export type OrphanView = { 
/**
 * PortOne's name for it.
 */
impUid: string, 
/**
 * The order.
 */
merchantUid: string, 
/**
 * What was paid.
 */
won: Won, 
/**
 * How, as PortOne says it.
 */
payMethod: string | null, 
/**
 * When, by PortOne's clock.
 */
paidAt: UnixMillis, 
/**
 * The charge that the order names in our own hand.
 */
chargeId: ChargeId | null, 
/**
 * The member that it names, where the backup had them already.
 */
memberId: MemberId | null, 
/**
 * Their name.
 */
memberName: string | null, 
/**
 * A manager decided that it goes back.
 */
toRefund: boolean, };
export type OrphanCredit = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * PortOne's name for the payment.
 */
impUid: string, 
/**
 * Who gets the points.
 */
memberId: MemberId, };
export type OrphanRefund = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * PortOne's name for the payment.
 */
impUid: string, };
export type RecoveryKeyAsk = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, };
export type RecoveryKey = { 
/**
 * `AGE-SECRET-KEY-1…`.
 */
key: string, };
export type RecoveryKeyEnter = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * `AGE-SECRET-KEY-1…`; blanks and small letters do not matter.
 */
key: string, };
export type Won = number;
export type Points = number;
export type UnixMillis = number;
export type MemberId = number;
export type StaffId = number;
export type ChargeId = string;
export type LotId = string;
export type RequestId = string;
export type TransactionId = string;

// Written from Rust by `cargo xtask bindings`. Not edited by hand.

export type Mode = "live" | "test" | "practice";
export type Role = "clerk" | "manager" | "owner";
export type ChargeState = "open" | "awaiting_deposit" | "unknown" | "failed" | "voided" | "disputed" | "credited";
export type TransactionKind = "loading" | "spending" | "refund" | "reversal" | "clawback" | "expiry" | "adjustment" | "merge" | "opening";
export type AdjustReason = "correction" | "goodwill" | "forfeit" | "other";
export type IntakeFault = "bad_name" | "bad_phone" | "duplicate" | "already_opened" | "negative" | "not_whole" | "too_large" | "nothing" | "bad_date" | "past_date" | "bad_memo";
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
 * Whether somebody is signed in.
 */
door: Door, 
/**
 * Who is signed in; the machine itself where nobody is.
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
 * Charges and refunds that are not finished, of this book.
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
 * The largest sum that can be charged with a second person's approval, in won; without one it is `max_won`.
 */
mostWon: Won, 
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
won: number, 
/**
 * For whom: a first charge may give more.
 */
memberId?: MemberId, };
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
 * The last day of the bonus, in Seoul.
 */
bonusExpiresAt: UnixMillis | null, 
/**
 * The last day of the paid points, in Seoul; `null`: they never go.
 */
paidExpiresAt: UnixMillis | null, 
/**
 * The bonus is that of the member's first charge.
 */
first: boolean, };
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
state: ChargeState, 
/**
 * What the member owes the shop, to be spoken about while they are here.
 */
debt: Won, };
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
 * The bonus: promised, or given where the charge is credited.
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
charges: Array<ChargeView>, 
/**
 * Refunds under way, the oldest first.
 */
refunds: Array<RefundView>, };
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
 * What stands on the member's card and what a scanner sends.
 */
code: string, 
/**
 * Who this member turned out to be: nothing new is written here.
 */
mergedInto: MemberId | null, 
/**
 * The person was forgotten: nothing new is written here.
 */
erased: boolean, 
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
 * Paid points that go within 30 days.
 */
expiringPaid: Points, 
/**
 * Bonus points that go within 30 days.
 */
expiringBonus: Points, 
/**
 * What each preset costs and gives this member.
 */
presets: Array<ChargeQuote>, 
/**
 * Points that a refund holds: neither spent nor there to spend.
 */
held: Points, 
/**
 * What the member owes the shop: money was taken back whose points had been spent.
 */
debt: Won, 
/**
 * Refunds under way.
 */
refunds: Array<RefundView>, 
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
 * The last day of the paid points, in Seoul; `null`: they never go.
 */
paidExpiresAt: UnixMillis | null, 
/**
 * The last day of the bonus, in Seoul; `null`: it never goes.
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
 * Who approved it, where somebody did.
 */
approverName: string | null, 
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
 * The refund that it belongs to.
 */
refund: RefundMark | null, 
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
 * Only what this person did.
 */
staffId?: StaffId, 
/**
 * Only charges that were paid in one of these ways; all when absent or empty.
 */
methods?: Array<PayMethod>, 
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
export type AccountSum = { 
/**
 * The account's word.
 */
account: string, 
/**
 * The sum of its postings.
 */
won: number, };
export type DaySums = { 
/**
 * By kind.
 */
kinds: Array<KindSum>, 
/**
 * By account.
 */
accounts: Array<AccountSum>, };
export type DifferenceAction = "settle" | "inbox" | "refund" | "ask_portone" | "ask_pg";
export type DifferenceKind = "only_in_portone" | "disputed" | "unknown_charge" | "two_payments" | "only_in_book" | "another_sum" | "cancelled_outside" | "refund_missing" | "other_mode" | "only_in_file" | "not_in_file" | "file_sum";
export type KindSum = { 
/**
 * The kind's word.
 */
kind: string, 
/**
 * How many.
 */
count: number, 
/**
 * By how much paid points grew.
 */
paid: number, 
/**
 * By how much bonus points grew.
 */
bonus: number, };
export type Tally = { 
/**
 * How many.
 */
count: number, 
/**
 * How much is kept of them, in won.
 */
won: number, };
export type Adjust = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Whose.
 */
memberId: MemberId, 
/**
 * By how much the paid points change; below zero where they go.
 */
paid: number, 
/**
 * By how much the bonus points change.
 */
bonus: number, 
/**
 * Why.
 */
class: AdjustReason, 
/**
 * Why, in somebody's words.
 */
reason: string, };
export type Adjusted = { 
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
after: Points, };
export type BonusRuleSet = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Its lines, at most twelve.
 */
offers: Array<BonusOffer>, 
/**
 * How long the bonus lasts, 1 to 3650 days.
 */
validDays: number, };
export type BonusRuleView = { 
/**
 * Its lines; never none.
 */
offers: Array<BonusOffer>, 
/**
 * How long the bonus lasts, in days.
 */
validDays: number, };
export type CashCountView = { 
/**
 * All that was in it.
 */
countedWon: Won, 
/**
 * What of it was there before.
 */
changeWon: Won, 
/**
 * When.
 */
at: UnixMillis, 
/**
 * Who counted.
 */
staffName: string, };
export type CloseAsk = { 
/**
 * For example `2026-11-23`.
 */
date?: string, };
export type CloseCount = { 
/**
 * The screen's id for this count.
 */
requestId: RequestId, 
/**
 * The day.
 */
date: string, 
/**
 * All that is in the drawer.
 */
countedWon: number, 
/**
 * What of it was there before the first customer.
 */
changeWon: number, };
export type ClosedView = { 
/**
 * Its place among all closes.
 */
place: number, 
/**
 * The shop's name, for the slip.
 */
shopName: string, 
/**
 * How many transactions the chain had.
 */
transactions: number, 
/**
 * The chain's last hash, in hex.
 */
head: string, 
/**
 * The close's own hash, in hex.
 */
hash: string, 
/**
 * When.
 */
at: UnixMillis, 
/**
 * Who closed it.
 */
staffName: string, 
/**
 * Who approved it.
 */
approverName: string | null, 
/**
 * Whether it was closed while PortOne did not answer. The comparison follows by itself.
 */
closedUncompared: boolean, };
export type CloseFigures = { 
/**
 * What should be in the drawer.
 */
expectedWon: number, 
/**
 * What was counted less what should be there.
 */
cashDifferenceWon: number, 
/**
 * The day in the book.
 */
sums: DaySums, 
/**
 * Charges that are not finished.
 */
openCharges: number, 
/**
 * The comparison with PortOne; none yet, or pending since PortOne did not answer.
 */
comparison: ComparisonView | null, 
/**
 * The comparison with a payment company's file.
 */
file: ComparisonView | null, 
/**
 * What was changed since the last close about where payments go.
 */
changes: Array<WayChangeView>, };
export type CloseFile = { 
/**
 * The screen's id for this step.
 */
requestId: RequestId, 
/**
 * The day that it stands with.
 */
date: string, 
/**
 * The first day that is compared; that day where it is left out.
 */
from?: string, 
/**
 * The last day that is compared.
 */
to?: string, 
/**
 * The file's name.
 */
name: string, 
/**
 * The file in Base64.
 */
content: string, };
export type CloseStep = { 
/**
 * The screen's id for this step.
 */
requestId: RequestId, 
/**
 * The day.
 */
date: string, };
export type CloseView = { 
/**
 * The day.
 */
businessDate: string, 
/**
 * The business day of now.
 */
today: string, 
/**
 * Other days on which points moved and that are not closed, the oldest first.
 */
otherDays: Array<string>, 
/**
 * The money for change to begin with: that of the last count.
 */
changeWon: Won, 
/**
 * The day's counts, the first first.
 */
counts: Array<CashCountView>, 
/**
 * What the drawer is compared with. Not before it was counted.
 */
figures: CloseFigures | null, 
/**
 * Once the day is closed.
 */
closed: ClosedView | null, 
/**
 * Why PortOne gave no answer just now: the word of an error.
 */
unanswered: string | null, 
/**
 * The latest closes, the newest first.
 */
earlier: Array<EarlierClose>, };
export type ComparisonView = { 
/**
 * When.
 */
at: UnixMillis, 
/**
 * The beginning of what was compared.
 */
from: UnixMillis, 
/**
 * Its end, which is not in it.
 */
to: UnixMillis, 
/**
 * The book's payments.
 */
book: Tally, 
/**
 * The other side's.
 */
other: Tally, 
/**
 * Payments of other tills and shops on the same account: no difference.
 */
foreign: Tally, 
/**
 * What the other side has more than the book, less what it has not.
 */
differenceWon: number, 
/**
 * What is not the same.
 */
differences: Array<DifferenceView>, };
export type DifferenceView = { 
/**
 * What.
 */
kind: DifferenceKind, 
/**
 * What to do.
 */
action: DifferenceAction, 
/**
 * PortOne's name for the payment.
 */
impUid: string | null, 
/**
 * The order.
 */
merchantUid: string | null, 
/**
 * The charge.
 */
chargeId: ChargeId | null, 
/**
 * The approval number.
 */
approvalNumber: string | null, 
/**
 * What the book says is kept, in won.
 */
bookWon: number | null, 
/**
 * What the other side says.
 */
otherWon: number | null, 
/**
 * When it was paid.
 */
at: UnixMillis | null, };
export type EarlierClose = { 
/**
 * The day.
 */
businessDate: string, 
/**
 * When it was closed.
 */
at: UnixMillis, 
/**
 * Who closed it.
 */
staffName: string, 
/**
 * What was counted less what should have been there.
 */
cashDifferenceWon: number, 
/**
 * How many things are not the same; none while it is not compared.
 */
differences: number | null, };
export type ImportApply = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * The same file.
 */
content: string, 
/**
 * The preview's name for it.
 */
digest: string, 
/**
 * How many rows the owner counted.
 */
count: number, 
/**
 * Paid points together, as the owner counted them.
 */
paid: number, 
/**
 * Bonus points together, as the owner counted them.
 */
bonus: number, };
export type ImportDone = { 
/**
 * How many.
 */
count: number, 
/**
 * Paid points together.
 */
paid: number, 
/**
 * Bonus points together.
 */
bonus: number, };
export type ImportPreview = { 
/**
 * Names the file: SHA-256 in hex.
 */
digest: string, 
/**
 * How many rows would be taken over.
 */
count: number, 
/**
 * Of those, how many are of members who are in the book.
 */
known: number, 
/**
 * Their paid points together.
 */
paid: number, 
/**
 * Their bonus points together.
 */
bonus: number, 
/**
 * The first of them.
 */
rows: Array<ImportRow>, 
/**
 * How many rows are refused.
 */
refusedCount: number, 
/**
 * All of those.
 */
refused: Array<ImportRefused>, };
export type ImportPreviewAsk = { 
/**
 * The file's bytes, in base64.
 */
content: string, };
export type ImportRefused = { 
/**
 * Its line in the file.
 */
line: number, 
/**
 * The name in the file.
 */
name: string, 
/**
 * The number in the file.
 */
phone: string, 
/**
 * Why.
 */
fault: IntakeFault, };
export type ImportRow = { 
/**
 * Its line in the file.
 */
line: number, 
/**
 * The name in the file.
 */
name: string, 
/**
 * The number, masked.
 */
phoneMasked: string, 
/**
 * The name in the book, where the number is a member's: the points go there, and the book's name stays.
 */
knownAs: string | null, 
/**
 * Paid points.
 */
paid: Points, 
/**
 * Bonus points.
 */
bonus: Points, 
/**
 * When the paid points go.
 */
paidExpiresAt: UnixMillis | null, 
/**
 * When the bonus goes.
 */
bonusExpiresAt: UnixMillis | null, };
export type KeyringState = "asking" | "ok" | "locked" | "unavailable";
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
export type MemberErase = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Whom.
 */
memberId: MemberId, 
/**
 * The member does not want what of expired points could be refunded.
 */
claimWaived?: boolean, };
export type MemberErased = { 
/**
 * The number that is left.
 */
memberId: MemberId, };
export type MemberMerge = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Who turns out to be another one.
 */
memberId: MemberId, 
/**
 * Who that is.
 */
intoId: MemberId, 
/**
 * Why.
 */
reason: string, };
export type MemberMerged = { 
/**
 * The one that is left.
 */
memberId: MemberId, 
/**
 * Paid points that moved.
 */
paid: number, 
/**
 * Bonus points that moved.
 */
bonus: number, 
/**
 * Debt that moved, in won.
 */
debt: number, 
/**
 * The balance after it.
 */
balance: Points, };
export type SettingsProxy = { 
/**
 * Its address, for example `http://10.0.0.1:3128`, without a name and password; `null` or empty: there is none.
 */
proxy?: string, };
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
 * How long paid points last; `null`: for ever.
 */
expiryRule: ExpiryRuleView | null, 
/**
 * What the payment companies ask for, the book's own first.
 */
expirySuggestions: Array<ExpirySuggestion>, 
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
export type WayChangeView = { 
/**
 * `channel`, `proxy`, `keys_saved` or `keys_forgotten`.
 */
action: string, 
/**
 * To what.
 */
detail: string, 
/**
 * When.
 */
at: UnixMillis, 
/**
 * By whom.
 */
staffName: string, };
export type HistoryFilters = { 
/**
 * Everybody who has stood behind the counter.
 */
staff: Array<StaffName>, };
export type StaffName = { 
/**
 * The number.
 */
id: StaffId, 
/**
 * The name.
 */
name: string, };
export type StatementAsk = { 
/**
 * Whose.
 */
memberId: MemberId, 
/**
 * From this business day on, `2026-11-23`.
 */
from?: string, 
/**
 * Up to this business day.
 */
to?: string, 
/**
 * Only after this place in the book: the `next` of the page before.
 */
after?: number, 
/**
 * At most this many, 200 unless told, 500 at most.
 */
limit?: number, };
export type StatementPage = { 
/**
 * The shop.
 */
shopName: string, 
/**
 * Whose.
 */
memberId: MemberId, 
/**
 * Their name.
 */
memberName: string, 
/**
 * `010-••••-5678`
 */
phoneMasked: string, 
/**
 * The numbers that were merged into this one: what came before stands in statements of their own.
 */
formerly: Array<MemberId>, 
/**
 * The balance before the period's first row.
 */
opening: Points, 
/**
 * The balance after its last.
 */
closing: Points, 
/**
 * Paid points now.
 */
paid: Points, 
/**
 * Bonus points now.
 */
bonus: Points, 
/**
 * Reserved by refunds now.
 */
held: Points, 
/**
 * Owed to the shop now.
 */
debt: Won, 
/**
 * What the period adds up to.
 */
figures: FiguresView, 
/**
 * How many rows the period has.
 */
count: number, 
/**
 * This page's rows.
 */
rows: Array<StatementRowView>, 
/**
 * Where the next page starts; `null` at the end.
 */
next: number | null, 
/**
 * How many transactions the book has.
 */
transactions: number, 
/**
 * The chain's last hash, in hex.
 */
head: string, 
/**
 * When the book's last transaction was written.
 */
headAt: UnixMillis | null, 
/**
 * When this was read.
 */
madeAt: UnixMillis, };
export type StatementRowView = { 
/**
 * What happened.
 */
transaction: TransactionView, 
/**
 * Points that a refund reserved; negative: let go.
 */
heldChange: number, 
/**
 * By how much the debt grew, in won.
 */
debtChange: number, 
/**
 * Money that came to the shop, in won; negative: left it.
 */
money: number, 
/**
 * Who approved it.
 */
approverName: string | null, };
export type FiguresView = { 
/**
 * How many charges.
 */
charges: number, 
/**
 * What was paid for them, in won.
 */
chargedWon: number, 
/**
 * What of that came as cash, in won.
 */
cashWon: number, 
/**
 * How many uses.
 */
uses: number, 
/**
 * Points that bought something.
 */
used: number, 
/**
 * How many uses were taken back.
 */
undone: number, 
/**
 * What bonus points cost.
 */
bonusCost: number, 
/**
 * Money that went back by refunds, in won.
 */
refundedWon: number, 
/**
 * Money that went back by cancels made elsewhere, in won.
 */
clawedBackWon: number, 
/**
 * What the shop kept of refunds.
 */
refundFee: number, 
/**
 * Points that went without being used.
 */
breakage: number, 
/**
 * Money that came or went otherwise, in won.
 */
otherWon: number, };
export type FiguresRow = { 
/**
 * `2026-11-23` or `2026-11`.
 */
date: string, 
/**
 * What happened.
 */
figures: FiguresView, };
export type OverviewAsk = { 
/**
 * Days from here on, `2026-11-23`.
 */
from?: string, 
/**
 * Days up to here.
 */
to?: string, };
export type OverviewView = { 
/**
 * When this was read.
 */
madeAt: UnixMillis, 
/**
 * The shop's day.
 */
today: string, 
/**
 * The first of the days.
 */
from: string, 
/**
 * The last of them.
 */
to: string, 
/**
 * Paid points that the shop owes.
 */
paid: number, 
/**
 * Bonus points that it owes.
 */
bonus: number, 
/**
 * Points that refunds under way have reserved.
 */
held: number, 
/**
 * All of them: what is to be given if everybody comes today.
 */
all: number, 
/**
 * How many members have points.
 */
members: number, 
/**
 * What members owe the shop, in won.
 */
debt: number, 
/**
 * How many members owe something.
 */
debtors: number, 
/**
 * Paid and bonus points by the age of the charge that made them.
 */
ages: Array<AgeView>, 
/**
 * Paid points that go in the next days.
 */
expiringPaid: number, 
/**
 * Bonus points that go.
 */
expiringBonus: number, 
/**
 * Whose: how many members.
 */
expiringMembers: number, 
/**
 * In how many days.
 */
expiringDays: number, 
/**
 * Members who charged in the last days.
 */
repeatOnce: number, 
/**
 * Members who charged twice or more.
 */
repeatTwice: number, 
/**
 * In how many days, today among them.
 */
repeatDays: number, 
/**
 * Days on which something happened, in order.
 */
days: Array<FiguresRow>, 
/**
 * Months in which something happened, in order.
 */
months: Array<FiguresRow>, };
export type AgeView = { 
/**
 * Made in the last so many days; `null`: older than all before.
 */
upToDays: number | null, 
/**
 * How many lots.
 */
lots: number, 
/**
 * Paid points left.
 */
paid: number, 
/**
 * Bonus points left.
 */
bonus: number, };
export type ExportTable = "history" | "statement" | "members" | "waiting" | "overview" | "days" | "months";
export type ExportFormat = "csv" | "xlsx";
export type ExportAsk = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Which table.
 */
table: ExportTable, 
/**
 * Which kind of file.
 */
format: ExportFormat, 
/**
 * History: only this member's. Statement: whose.
 */
memberId?: MemberId, 
/**
 * History: only these kinds.
 */
kinds?: Array<TransactionKind>, 
/**
 * History: only what this person did.
 */
staffId?: StaffId, 
/**
 * History: only charges paid in these ways.
 */
methods?: Array<PayMethod>, 
/**
 * From this business day on.
 */
from?: string, 
/**
 * Up to this business day.
 */
to?: string, 
/**
 * Members: phone numbers in full. Only the owner may, and the audit says so.
 */
fullPhones?: boolean, };
export type Exported = { 
/**
 * Where it is.
 */
path: string, 
/**
 * How many rows it has.
 */
rows: number, };
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
export type Approval = { 
/**
 * Who approves.
 */
staffId: StaffId, 
/**
 * Their PIN.
 */
pin: Pin, };
export type Pin = string;
export type Door = "unclaimed" | "signed_out" | "signed_in";
export type StaffFirstOwner = { 
/**
 * The screen's id for it.
 */
requestId: RequestId, 
/**
 * Their name.
 */
name: string, 
/**
 * Their PIN, 4 to 12 digits.
 */
pin: Pin, };
export type SignIn = { 
/**
 * Who.
 */
staffId: StaffId, 
/**
 * Their PIN.
 */
pin: Pin, };
export type StaffAdd = { 
/**
 * The screen's id for it.
 */
requestId: RequestId, 
/**
 * Their name.
 */
name: string, 
/**
 * What they may do.
 */
role: Role, 
/**
 * Their first PIN.
 */
pin: Pin, };
export type StaffEdit = { 
/**
 * The screen's id for it.
 */
requestId: RequestId, 
/**
 * Whom.
 */
staffId: StaffId, 
/**
 * Their name.
 */
name: string, 
/**
 * What they may do.
 */
role: Role, 
/**
 * Whether they still work here.
 */
active: boolean, };
export type StaffPinSet = { 
/**
 * The screen's id for it.
 */
requestId: RequestId, 
/**
 * Whose.
 */
staffId: StaffId, 
/**
 * The new PIN.
 */
pin: Pin, 
/**
 * The PIN until now, for one's own.
 */
oldPin?: Pin, };
export type StaffUnlock = { 
/**
 * The screen's id for it.
 */
requestId: RequestId, 
/**
 * Whom.
 */
staffId: StaffId, };
export type StaffIdle = { 
/**
 * The screen's id for it.
 */
requestId: RequestId, 
/**
 * From 1 to 240.
 */
minutes: number, };
export type StaffNames = { 
/**
 * Everybody who works here.
 */
people: Array<StaffView>, };
export type StaffList = { 
/**
 * Everybody, those who have left too.
 */
people: Array<PersonView>, 
/**
 * After how many idle minutes the screen is locked.
 */
idleMinutes: number, };
export type PersonView = { 
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
role: Role, 
/**
 * Whether they still work here.
 */
active: boolean, 
/**
 * They gave so many wrong PINs that somebody has to unlock them.
 */
locked: boolean, 
/**
 * Wrong PINs in a row.
 */
failed: number, };
export type Approvers = { 
/**
 * Those whose PIN would be taken; oneself where one works alone.
 */
people: Array<StaffView>, };
export type ApproversAsk = { 
/**
 * Whom the command is about, where it is about somebody: `staffId` of a command about staff.
 */
about?: StaffId, };
export type MemberPhoneAsk = { 
/**
 * Whose number.
 */
memberId: MemberId, 
/**
 * One's own PIN; without people there is none.
 */
pin?: Pin, };
export type MemberPhone = { 
/**
 * As it is written: 010-1234-5678.
 */
phone: string, };
export type BonusOffer = { 
/**
 * From this sum on.
 */
fromWon: Won, 
/**
 * Whole percent of the sum; 0 where a fixed number of points is given.
 */
percent: number, 
/**
 * A fixed number of points; 0 where a percentage is given.
 */
points: Points, 
/**
 * For a member's first charge alone.
 */
firstOnly: boolean, 
/**
 * The first of the shop's days on which it counts, as `2026-12-01`; `null`: since ever.
 */
fromDay: string | null, 
/**
 * The last of the shop's days on which it counts; `null`: for ever.
 */
untilDay: string | null, };
export type BonusPreviewAsk = { 
/**
 * Its lines.
 */
offers: Array<BonusOffer>, 
/**
 * How long the bonus would last.
 */
validDays: number, };
export type BonusPreview = { 
/**
 * What each preset would give.
 */
presets: Array<BonusPresetView>, 
/**
 * So many days were looked back on.
 */
days: number, 
/**
 * How many charges there were.
 */
charges: number, 
/**
 * What was paid for them.
 */
won: Won, 
/**
 * What the rule would have given for them, whatever the period of its lines.
 */
wouldGive: Points, 
/**
 * What was given for them.
 */
gave: Points, 
/**
 * `would_give` in hundredths of a percent of `won`.
 */
wouldGiveBasisPoints: number, 
/**
 * `gave` in hundredths of a percent of `won`.
 */
gaveBasisPoints: number, };
export type BonusPresetView = { 
/**
 * What is paid.
 */
won: Won, 
/**
 * The bonus.
 */
bonus: Points, 
/**
 * The bonus of a first charge.
 */
firstBonus: Points, };
export type ExpiryRuleView = { 
/**
 * Months of the calendar; 0 where it is days.
 */
months: number, 
/**
 * Days; 0 where it is months.
 */
days: number, 
/**
 * The payment company whose rule it is.
 */
pg: string | null, 
/**
 * Where it stands.
 */
source: string, 
/**
 * Since when.
 */
acceptedAt: UnixMillis, 
/**
 * Who accepted it.
 */
acceptedBy: string, 
/**
 * Who approved that, where a second person was asked.
 */
approvedBy: string | null, };
export type ExpirySuggestion = { 
/**
 * PortOne's word for the payment company.
 */
pg: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Months of the calendar; 0: it sets no limit.
 */
months: number, 
/**
 * Where it stands.
 */
source: string, 
/**
 * It is the payment company of the book's channel.
 */
own: boolean, };
export type ExpiryRuleSet = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Months of the calendar, at most 120.
 */
months: number, 
/**
 * Days, at most 3650; months or days, not both.
 */
days: number, 
/**
 * The payment company whose rule it is.
 */
pg?: string, 
/**
 * Where it stands, as the owner was shown it; at most 300 characters.
 */
source: string, };
export type ExpiryExtend = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Which.
 */
lotId: LotId, 
/**
 * The new last day of its paid points, as `2027-03-31`.
 */
paidUntil?: string, 
/**
 * The new last day of its bonus.
 */
bonusUntil?: string, 
/**
 * Why.
 */
reason: string, };
export type ExpiryExtended = { 
/**
 * The transaction.
 */
transactionId: TransactionId, 
/**
 * Points that had gone and are there again.
 */
reinstated: Points, 
/**
 * The balance after it.
 */
after: Points, };
export type ExpiringAsk = { 
/**
 * Within so many days, 30 unless told, 365 at most.
 */
days?: number, 
/**
 * `next` of the page before.
 */
after?: string, };
export type ExpiredLots = { 
/**
 * With the points that have gone, not with those that are left.
 */
lots: Array<LotView>, };
export type ExpiringPage = { 
/**
 * One page.
 */
rows: Array<ExpiringRow>, 
/**
 * Asks for the next page; `null`: there is none.
 */
next: string | null, 
/**
 * All paid points that go in that time.
 */
paid: Points, 
/**
 * All bonus points that go in that time.
 */
bonus: Points, 
/**
 * Of how many members.
 */
members: number, };
export type ExpiringRow = { 
/**
 * Whose.
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
 * Of which lot.
 */
lotId: LotId, 
/**
 * Of which part of it.
 */
part: PointsPart, 
/**
 * How many.
 */
points: Points, 
/**
 * Their last day, in Seoul.
 */
expiresAt: UnixMillis, };
export type PointsPart = "paid" | "bonus";
export type RuleKind = "gift" | "continuous";
export type Basis = "unused" | "threshold_met" | "expired" | "ended" | "goodwill" | "never_credited";
export type RefundStep = { "kind": "paid", 
/**
 * In won.
 */
won: Won, } | { "kind": "used", 
/**
 * In won.
 */
won: Won, 
/**
 * Whole percent of what was paid, cut down.
 */
percent: number, } | { "kind": "gone_back", 
/**
 * In won.
 */
won: Won, } | { "kind": "left", 
/**
 * In won.
 */
won: Won, } | { "kind": "part", 
/**
 * In won.
 */
won: Won, } | { "kind": "within_days", 
/**
 * The days of the rule.
 */
days: number, } | { "kind": "threshold", 
/**
 * Whole percent.
 */
percent: number, 
/**
 * It is reached.
 */
met: boolean, } | { "kind": "after_date", 
/**
 * Whole percent.
 */
percent: number, } | { "kind": "fee", 
/**
 * In won.
 */
won: Won, 
/**
 * Whole percent of what was paid; `None` where it follows from a share.
 */
percent: number | null, } | { "kind": "bonus_taken", 
/**
 * How many.
 */
points: Points, } | { "kind": "back", 
/**
 * In won.
 */
won: Won, };
export type RefundWay = "pg" | "cash" | "bank";
export type Closed = "no_payment" | "too_old" | "other_month" | "no_part" | "under_way" | "above_payment" | "original_first";
export type RefundState = "holding" | "sent" | "unknown" | "pending" | "posted" | "released" | "refused";
export type DebtPaid = "cash" | "bank" | "points" | "written_off";
export type RefundQuoteAsk = { 
/**
 * Of all that this member has.
 */
memberId?: MemberId, 
/**
 * Or of one lot.
 */
lotId?: LotId, 
/**
 * So many of the lot's paid points; all that are left unless told.
 */
points?: Points, };
export type RefundQuote = { 
/**
 * Whose.
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
 * What they owe the shop.
 */
debt: Won, 
/**
 * Lots of which something is left, the oldest first.
 */
lots: Array<RefundLotView>, 
/**
 * Payments that were never credited.
 */
payments: Array<RefundPaymentView>, 
/**
 * Refunds before, the latest first, at most ten.
 */
refunds: Array<RefundView>, };
export type RefundLotView = { 
/**
 * The lot.
 */
lotId: LotId, 
/**
 * When it was made.
 */
madeAt: UnixMillis, 
/**
 * What was paid for it.
 */
paid: Points, 
/**
 * Paid points that could go back: left, or expired with a right to them.
 */
left: Points, 
/**
 * Bonus points left.
 */
leftBonus: Points, 
/**
 * The charge that made it.
 */
chargeId: ChargeId | null, 
/**
 * How it was paid, as PortOne says it.
 */
payMethod: string | null, 
/**
 * The rule that it was made under.
 */
rule: RefundRuleView, 
/**
 * It was made before there were rules: the default is taken.
 */
ruleAssumed: boolean, 
/**
 * What would go back; `null`: nothing.
 */
sum: RefundSumView | null, 
/**
 * By which ways, in the order of the screen.
 */
ways: Array<RefundWayView>, };
export type RefundSumView = { 
/**
 * What goes back.
 */
won: Won, 
/**
 * Paid points that it takes.
 */
paid: Points, 
/**
 * Bonus points that it takes.
 */
bonus: Points, 
/**
 * Paid points that had expired.
 */
expired: Points, 
/**
 * What the shop keeps.
 */
fee: Won, 
/**
 * The customer may ask for it; else it is of goodwill, and a manager approves.
 */
claim: boolean, 
/**
 * By which line of the rule.
 */
basis: Basis, 
/**
 * The arithmetic.
 */
steps: Array<RefundStep>, };
export type RefundWayView = { 
/**
 * Which.
 */
way: RefundWay, 
/**
 * Why it is closed; `null`: it is open.
 */
closed: Closed | null, 
/**
 * An account is needed for it.
 */
needsAccount: boolean, };
export type RefundPaymentView = { 
/**
 * Its charge.
 */
chargeId: ChargeId, 
/**
 * PortOne's name for it.
 */
impUid: string, 
/**
 * Why it was not credited, as a code of the gate.
 */
reason: string, 
/**
 * The sum.
 */
won: Won, 
/**
 * An account is needed for it.
 */
needsAccount: boolean, 
/**
 * A refund of it is under way.
 */
underWay: boolean, };
export type RefundRuleView = { 
/**
 * Its version.
 */
version: number, 
/**
 * For which trade.
 */
kind: RuleKind, 
/**
 * Its name.
 */
name: string, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * How sure that is.
 */
certainty: string, 
/**
 * The day from which it holds.
 */
effectiveOn: string, };
export type RefundRules = { 
/**
 * The oldest version first.
 */
rules: Array<RefundRuleView>, 
/**
 * The version in force.
 */
inForce: number, };
export type RefundRuleSet = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Its version.
 */
version: number, };
export type RefundTo = { 
/**
 * The bank's code, as the payment company writes it.
 */
bank: string, 
/**
 * The account's number.
 */
number: string, 
/**
 * The name on it.
 */
holder: string, };
export type RefundStart = { 
/**
 * Made once by the screen and kept until answered; any UUID.
 */
refundId: RefundId, 
/**
 * The lot.
 */
lotId?: LotId, 
/**
 * So many of its paid points; all that are left unless told.
 */
points?: Points, 
/**
 * Or the charge of a payment that was never credited.
 */
chargeId?: ChargeId, 
/**
 * And that payment.
 */
impUid?: string, 
/**
 * What goes back, as it was shown: another sum is refused.
 */
won: number, 
/**
 * By which way.
 */
way: RefundWay, 
/**
 * The customer has no claim; the shop gives it of goodwill.
 */
goodwill?: boolean, 
/**
 * Why.
 */
reason: string, 
/**
 * What proves that cash or a transfer went out: a receipt's number, the time of the transfer.
 */
proof?: string, 
/**
 * Where a deposit goes back to.
 */
account?: RefundTo, };
export type RefundAsk = { 
/**
 * Which.
 */
refundId: RefundId, };
export type RefundView = { 
/**
 * Its id.
 */
refundId: RefundId, 
/**
 * Whose.
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
 * The charge behind it.
 */
chargeId: ChargeId | null, 
/**
 * The lot; `null` for a payment that was never credited.
 */
lotId: LotId | null, 
/**
 * By which way.
 */
way: RefundWay, 
/**
 * Where it stands. Only `refused` and `released` mean that nothing went back.
 */
state: RefundState, 
/**
 * Why it was refused, as a code.
 */
why: string | null, 
/**
 * The payment company's own words, to be shown as a quotation.
 */
said: string | null, 
/**
 * What goes back.
 */
won: Won, 
/**
 * Paid points that it takes.
 */
paid: Points, 
/**
 * Bonus points that it takes.
 */
bonus: Points, 
/**
 * Paid points that had expired.
 */
expired: Points, 
/**
 * What the shop keeps.
 */
fee: Won, 
/**
 * The customer may ask for it.
 */
claim: boolean, 
/**
 * By which line of the rule.
 */
basis: Basis, 
/**
 * The rule's name.
 */
ruleName: string | null, 
/**
 * The arithmetic, as it was agreed.
 */
arithmetic: Array<RefundStep>, 
/**
 * Why, and the proof, in the clerk's words.
 */
note: string | null, 
/**
 * When it was started.
 */
startedAt: UnixMillis, 
/**
 * Who started it.
 */
staffName: string, 
/**
 * Who approved it.
 */
approverName: string | null, 
/**
 * When PortOne last answered about it.
 */
lookedUpAt: UnixMillis | null, 
/**
 * The money went back after the refund had been given up: it was taken back from the points.
 */
landedLate: boolean, 
/**
 * What happened, in order.
 */
steps: Array<StepView>, };
export type DebtSettle = { 
/**
 * Made once by the screen.
 */
requestId: RequestId, 
/**
 * Whose.
 */
memberId: MemberId, 
/**
 * How much.
 */
won: number, 
/**
 * By what.
 */
how: DebtPaid, 
/**
 * Why, or the proof.
 */
note: string, };
export type DebtSettled = { 
/**
 * What is still owed after it.
 */
debt: Won, };
export type RefundMark = { 
/**
 * Which refund.
 */
refundId: RefundId, 
/**
 * `hold`, `post`, `release`.
 */
phase: string, };
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
export type RefundId = string;
export type RequestId = string;
export type TransactionId = string;

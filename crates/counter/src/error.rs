//! Why a command did not do what it was asked: a code and a Korean sentence for the screen, a chain for the log.

use ledger::LedgerError;
use ledger::people::PeopleError;
use serde::Serialize;

use crate::host::GatewayError;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident => $word:literal, $sentence:literal;)*) => {
        /// Every way in which a command can be refused. The screen gets the word; the sentence says what happened
        /// to the money and what to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorCode { $($(#[$doc])* $variant),* }

        impl ErrorCode {
            /// All of them, for the screen's dictionary.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$variant),*];

            /// The word that crosses to the screen.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(ErrorCode::$variant => $word),* }
            }
            /// What to say in Korean.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(ErrorCode::$variant => $sentence),* }
            }
        }
    };
}

codes! {
    /// The request could not be read.
    BadRequest => "bad_request", "요청을 읽을 수 없어 아무것도 하지 않았습니다.";
    /// No such command.
    UnknownCommand => "unknown_command", "없는 명령입니다. 아무것도 하지 않았습니다.";
    /// No whole amount.
    BadAmount => "bad_amount", "금액은 0보다 큰 정수여야 합니다. 아무것도 기록하지 않았습니다.";
    /// Below what any payment company takes.
    BelowMinimum => "below_minimum", "100원보다 적은 금액은 PG에서 결제할 수 없습니다. 결제창을 열지 않았습니다.";
    /// Above the shop's own limit.
    AboveLimit => "above_limit", "매장이 정한 1회 충전 한도를 넘었습니다. 결제창을 열지 않았습니다.";
    /// No Korean phone number.
    BadPhone => "bad_phone", "전화번호를 다시 확인해 주세요. 저장하지 않았습니다.";
    /// No usable name.
    BadName => "bad_name", "이름은 1자에서 40자까지 쓸 수 있습니다. 저장하지 않았습니다.";
    /// A text is too long or has control characters.
    BadText => "bad_text", "내용이 너무 길거나 쓸 수 없는 글자가 있습니다. 저장하지 않았습니다.";
    /// No day that can be closed.
    BadDay => "bad_day", "마감할 수 없는 날짜입니다. 아무것도 기록하지 않았습니다.";
    /// The day is closed for ever.
    DayClosed => "day_closed", "이미 마감한 날입니다. 마감한 내용은 바뀌지 않으며, 새 거래는 다음 날로 기록합니다.";
    /// The drawer is counted first.
    CashNotCounted => "cash_not_counted", "먼저 현금을 세어 입력해 주세요. 아직 비교하거나 마감하지 않았습니다.";
    /// A settlement file that cannot be read.
    BadSettlementFile => "bad_settlement_file", "정산 파일을 읽을 수 없습니다. 승인일자, 승인번호, 금액 열이 있는 CSV 파일인지 확인해 주세요. 아무것도 비교하지 않았습니다.";
    /// A setting is out of its range.
    BadSetting => "bad_setting", "설정값이 범위를 벗어났습니다. 저장하지 않았습니다.";
    /// Another member has this number.
    PhoneTaken => "phone_taken", "이 번호로 등록된 손님이 이미 있습니다. 번호로 찾아 주세요.";
    /// No such member.
    UnknownMember => "unknown_member", "등록되지 않은 손님입니다. 아무것도 기록하지 않았습니다.";
    /// The member is another one now.
    MemberMerged => "member_merged", "다른 손님과 합친 손님입니다. 합친 손님의 카드에서 해 주세요. 아무것도 기록하지 않았습니다.";
    /// The person was forgotten.
    MemberErased => "member_erased", "정보를 파기한 손님입니다. 아무것도 기록하지 않았습니다.";
    /// Something of the member is under way.
    MemberBusy => "member_busy", "이 손님의 충전이나 입금, 환불이 아직 끝나지 않았습니다. 끝난 뒤에 다시 해 주세요. 아무것도 바꾸지 않았습니다.";
    /// Points or a debt are left.
    MemberHasBalance => "member_has_balance", "포인트나 갚을 돈이 남아 있어 파기하지 않았습니다. 먼저 환불하거나, 손님이 포기했다면 조정으로 비워 주세요.";
    /// Points of the member that expired can still be refunded.
    MemberHasClaim => "member_has_claim", "유효기간이 지났지만 환불해 드릴 수 있는 금액이 남아 있습니다. 환불 창구에서 먼저 돌려드리거나, 손님이 받지 않겠다고 하면 그렇게 표시하고 다시 해 주세요. 아무것도 지우지 않았습니다.";
    /// One and the same.
    SameMember => "same_member", "같은 손님끼리는 합칠 수 없습니다. 아무것도 바꾸지 않았습니다.";
    /// What was brought is brought once.
    AlreadyOpened => "already_opened", "이미 이관한 손님이 있습니다. 아무것도 기록하지 않았습니다. 파일을 다시 확인해 주세요.";
    /// A reason that does not fit.
    BadReason => "bad_reason", "포인트를 더하면서 포기로 처리할 수는 없습니다. 사유를 다시 골라 주세요. 아무것도 기록하지 않았습니다.";
    /// Other sums than were confirmed.
    OtherControlTotal => "other_control_total", "입력한 합계가 파일의 합계와 다릅니다. 한 건도 옮기지 않았습니다. 합계를 다시 확인해 주세요.";
    /// Another file than the one that was looked at.
    OtherFile => "other_file", "미리 본 파일과 다른 파일입니다. 한 건도 옮기지 않았습니다. 파일을 다시 골라 주세요.";
    /// The balances of this file were taken over before.
    FileImported => "file_imported", "이미 잔액을 옮긴 파일입니다. 다시 옮기지 않았습니다. 남은 손님이 있으면 그 줄만 담은 파일로 옮겨 주세요.";
    /// A file that cannot be read.
    BadFile => "bad_file", "읽을 수 없는 파일입니다. CSV나 XLSX로 저장한 파일을 골라 주세요. 아무것도 기록하지 않았습니다.";
    /// A file that is too large.
    FileTooLarge => "file_too_large", "파일이 너무 큽니다. 2만 줄, 2MB까지 읽을 수 있으니 나누어 주세요. 아무것도 기록하지 않았습니다.";
    /// A file without the columns.
    NoColumns => "no_columns", "첫 줄에서 이름, 전화번호, 포인트 열을 찾지 못했습니다. 열 제목을 확인해 주세요. 아무것도 기록하지 않았습니다.";
    /// No such charge.
    UnknownCharge => "unknown_charge", "장부에 없는 충전입니다.";
    /// No such transaction.
    UnknownTransaction => "unknown_transaction", "장부에 없는 거래입니다.";
    /// The same id with other content.
    IdConflict => "id_conflict", "같은 번호로 다른 내용이 이미 기록되어 있습니다. 아무것도 바꾸지 않았습니다.";
    /// The same member and sum within ten minutes.
    RecentSameCharge => "recent_same_charge", "10분 안에 같은 손님, 같은 금액의 충전이 있습니다. 먼저 그 충전을 확인해 주세요.";
    /// Nobody knows about the same member's charge of the same sum a moment ago.
    FirstChargeUnknown => "first_charge_unknown", "먼저 한 충전의 결제 여부를 아직 모릅니다. 확인될 때까지 새로 결제하지 마세요. 자동으로 확인하고 있습니다.";
    /// The balance is smaller.
    NotEnoughPoints => "not_enough_points", "포인트가 부족합니다. 사용하지 않았습니다.";
    /// Taken back before.
    AlreadyUndone => "already_undone", "이미 되돌린 거래입니다.";
    /// Only a use can be taken back.
    NotUndoable => "not_undoable", "사용한 포인트만 되돌릴 수 있습니다. 아무것도 바꾸지 않았습니다.";
    /// A charge goes back by a refund, so that points never vanish while the money stays.
    ChargeNeedsRefund => "charge_needs_refund", "충전은 되돌리기가 아니라 환불로 처리해야 합니다. 포인트와 돈은 그대로입니다.";
    /// No such lot.
    UnknownLot => "unknown_lot", "장부에 없는 묶음입니다. 아무것도 바꾸지 않았습니다.";
    /// A date is only moved to a later one.
    NotLater => "not_later", "유효기간은 지금보다 뒤의 날짜로만 늘릴 수 있습니다. 기간과 포인트는 그대로입니다.";
    /// Nothing of the lot can last longer.
    NothingToExtend => "nothing_to_extend", "늘릴 기간이 없습니다. 기한이 없거나 남은 포인트가 없는 묶음입니다. 아무것도 바꾸지 않았습니다.";
    /// No such refund.
    UnknownRefund => "unknown_refund", "장부에 없는 환불입니다.";
    /// Nothing is left that could go back.
    NothingToRefund => "nothing_to_refund", "돌려드릴 금액이 없습니다. 포인트와 돈은 그대로입니다.";
    /// Another sum would go back now.
    RefundChanged => "refund_changed", "그사이 포인트가 바뀌어 환불 금액이 달라졌습니다. 다시 계산했으니 확인해 주세요. 아직 환불하지 않았습니다.";
    /// The way is closed.
    RefundWayClosed => "refund_way_closed", "이 방법으로는 돌려드릴 수 없습니다. 다른 방법을 골라 주세요. 포인트와 돈은 그대로입니다.";
    /// No claim, and nobody said goodwill.
    RefundNoClaim => "refund_no_claim", "규정으로는 아직 환불을 요구할 수 없는 금액입니다. 매장이 호의로 돌려드리려면 관리자가 승인해 주세요. 아직 환불하지 않았습니다.";
    /// A deposit goes back to an account.
    RefundAccountNeeded => "refund_account_needed", "가상계좌로 받은 돈은 손님 계좌로 돌려드립니다. 은행, 계좌번호, 예금주를 넣어 주세요. 아직 환불하지 않았습니다.";
    /// That is no account.
    BadAccount => "bad_account", "환불받을 계좌를 다시 확인해 주세요. 아직 환불하지 않았습니다.";
    /// Nothing proves the transfer.
    ProofMissing => "proof_missing", "이체한 시각이나 이체 번호를 증빙으로 적어 주세요. 아직 기록하지 않았습니다.";
    /// The member owes less.
    NoSuchDebt => "no_such_debt", "받을 돈보다 큰 금액입니다. 아무것도 기록하지 않았습니다.";
    /// The role is too small.
    NotAllowed => "not_allowed", "이 일은 관리자만 할 수 있습니다.";
    /// A second person has to approve it.
    ApprovalNeeded => "approval_needed", "다른 사람의 승인이 필요합니다. 승인할 사람이 PIN을 넣으면 진행합니다. 아직 아무것도 하지 않았습니다.";
    /// This person cannot approve it.
    ApprovalRefused => "approval_refused", "이 사람은 승인할 수 없습니다. 다른 관리자에게 부탁해 주세요. 아무것도 하지 않았습니다.";
    /// Nobody is signed in.
    SignedOut => "signed_out", "로그인한 사람이 없습니다. 이름을 고르고 PIN을 넣어 주세요. 아무것도 하지 않았습니다.";
    /// Another PIN than theirs.
    WrongPin => "wrong_pin", "PIN이 맞지 않습니다. 아무것도 하지 않았습니다.";
    /// Too early after a wrong PIN.
    PinWait => "pin_wait", "PIN을 여러 번 틀려 잠시 기다려야 합니다. 조금 뒤에 다시 넣어 주세요. 아무것도 하지 않았습니다.";
    /// Too many wrong PINs.
    PinLocked => "pin_locked", "PIN을 너무 많이 틀려 잠겼습니다. 다른 관리자가 설정의 직원에서 풀어 주어야 합니다. 아무것도 하지 않았습니다.";
    /// No PIN that can be taken.
    BadPin => "bad_pin", "PIN은 숫자 4~12자리이며, 0000이나 1234처럼 쉬운 번호는 쓸 수 없습니다. 저장하지 않았습니다.";
    /// The shop has an owner.
    OwnerExists => "owner_exists", "점주가 이미 등록되어 있습니다. 아무것도 바꾸지 않았습니다.";
    /// The shop has no owner with a PIN yet.
    OwnerNeeded => "owner_needed", "먼저 점주의 이름과 PIN을 정해야 합니다. 그 뒤에 실제 장부를 열 수 있습니다. 아무것도 바꾸지 않았습니다.";
    /// Only an owner makes, changes or ends owners and managers.
    OwnerOnly => "owner_only", "점주만 할 수 있는 일입니다. 아무것도 바꾸지 않았습니다.";
    /// The last owner stays one.
    LastOwner => "last_owner", "마지막 점주는 다른 역할로 바꾸거나 그만두게 할 수 없습니다. 먼저 다른 점주를 정해 주세요. 아무것도 바꾸지 않았습니다.";
    /// Nobody who works here has this number.
    UnknownStaff => "unknown_staff", "등록되지 않았거나 그만둔 직원입니다. 아무것도 하지 않았습니다.";
    /// The register of people cannot be read.
    PeopleUnreadable => "people_unreadable", "직원 명부(staff.db)가 없거나 읽을 수 없어 아무도 들어올 수 없습니다. 장부와 포인트는 그대로이고, 시작한 결제는 자동으로 확인합니다. 점주에게 알려 주세요.";
    /// PINs cannot be checked without the keyring.
    PinKeyring => "pin_keyring", "이 컴퓨터의 키 보관소를 쓸 수 없어 PIN을 확인하지 못했습니다. 키 보관소를 켜거나 잠금을 푼 뒤 다시 해 주세요. 아무것도 하지 않았습니다.";
    /// The keyring has lost what PINs are checked with.
    PinSecretLost => "pin_secret_lost", "PIN을 확인하는 열쇠가 이 컴퓨터의 키 보관소에 없습니다. 직원 명부를 다른 컴퓨터에서 옮겼거나 키 보관소가 지워졌을 수 있습니다. 아무것도 하지 않았습니다.";
    /// The audit at start is not through.
    BookAuditing => "book_auditing", "장부를 점검하고 있습니다. 잠시 뒤 다시 시도해 주세요. 조회는 지금도 됩니다.";
    /// An invariant is broken.
    BookBroken => "book_broken", "장부가 맞지 않아 읽기만 할 수 있습니다. 잔액은 볼 수 있습니다. 관리자에게 알려 주세요.";
    /// The file is another book's.
    BookOther => "book_other", "다른 매장이나 다른 모드의 장부입니다. 열지 않았습니다.";
    /// A newer app wrote it.
    BookNewer => "book_newer", "더 새로운 버전이 만든 장부입니다. 앱을 업데이트해 주세요. 장부는 그대로입니다.";
    /// Another program has it open.
    BookInUse => "book_in_use", "다른 창에서 이 장부를 쓰고 있습니다. 그 창을 닫고 다시 열어 주세요.";
    /// No room on the disk.
    DiskFull => "disk_full", "디스크에 자리가 없어 기록하지 못했습니다. 자리를 만든 뒤 다시 시도해 주세요.";
    /// The file could not be written or read; what became of the write is looked up again.
    Storage => "storage", "장부 파일을 쓰지 못했습니다. 같은 일을 다시 시도하면 두 번 기록되지 않습니다.";
    /// The folder of the books cannot be made or written.
    DataFolder => "data_folder", "장부를 둘 폴더를 만들거나 쓸 수 없습니다. 폴더의 위치와 쓰기 권한을 확인해 주세요. 장부는 그대로입니다.";
    /// PortOne did not answer.
    PortoneUnreachable => "portone_unreachable", "PortOne이 대답하지 않습니다. 새 결제는 시작하지 않았고, 이미 시작한 결제는 연결되면 자동으로 확인합니다.";
    /// PortOne asks for patience.
    PortoneBusy => "portone_busy", "PortOne이 바쁩니다. 새 결제는 시작하지 않았고, 이미 시작한 결제는 잠시 뒤 자동으로 다시 확인합니다.";
    /// PortOne refused what was asked.
    PortoneRefused => "portone_refused", "PortOne이 요청을 받지 않았습니다. 포인트는 바뀌지 않았습니다.";
    /// PortOne's answer made no sense.
    PortoneOdd => "portone_odd", "PortOne의 답을 읽을 수 없습니다. 새 결제는 시작하지 않았고, 이미 시작한 결제는 자동으로 다시 확인합니다.";
    /// No keys are stored.
    KeysMissing => "keys_missing", "PortOne 키가 없습니다. 설정에서 먼저 연결해 주세요.";
    /// PortOne refuses the keys.
    KeysRefused => "keys_refused", "PortOne이 키를 받지 않습니다. 설정에서 키를 확인해 주세요. 포인트는 바뀌지 않았습니다.";
    /// The keyring does not answer.
    KeyringUnavailable => "keyring_unavailable", "이 컴퓨터의 키 보관소를 쓸 수 없습니다. 키를 저장하거나 꺼내지 못했고, 새 결제는 시작하지 않았습니다. 연습 모드는 쓸 수 있습니다.";
    /// The keyring is locked.
    KeyringLocked => "keyring_locked", "키 보관소가 잠겨 있어 새 결제는 시작하지 않았습니다. 잠금을 풀고 다시 시도해 주세요. 연습 모드는 쓸 수 있습니다.";
    /// No channel was chosen.
    ChannelMissing => "channel_missing", "결제 채널이 없습니다. 설정에서 채널을 골라 주세요.";
    /// The channel is of the other mode.
    ChannelWrongMode => "channel_wrong_mode", "이 모드에서 쓸 수 없는 채널입니다. 결제창을 열지 않았습니다.";
    /// No 고객사 식별코드 of the right form.
    BadUserCode => "bad_user_code", "고객사 식별코드는 imp로 시작하는 영문과 숫자입니다. 저장하지 않았습니다.";
    /// No address of a proxy.
    BadProxy => "bad_proxy", "프록시 주소는 http://주소:포트 형식이며 아이디와 비밀번호를 넣을 수 없습니다. 저장하지 않았습니다.";
    /// The book belongs to another shop code.
    WrongShop => "wrong_shop", "이 장부는 다른 고객사 식별코드의 것입니다. 아무것도 바꾸지 않았습니다.";
    /// A pay window is open.
    WindowOpen => "window_open", "결제창이 열려 있습니다. 먼저 닫아 주세요.";
    /// This mode cannot be entered here.
    ModeUnavailable => "mode_unavailable", "지금은 이 모드로 바꿀 수 없습니다.";
    /// A file could not be written.
    FileNotWritten => "file_not_written", "파일을 저장하지 못했습니다. 저장할 폴더의 쓰기 권한을 확인하고 다시 시도해 주세요. 장부는 그대로입니다.";
    /// The pay page could not be opened.
    CheckoutUnavailable => "checkout_unavailable", "결제창을 열지 못했습니다. 결제는 시작되지 않았습니다. 다시 시도해 주세요.";
    /// A restored book, and PortOne was not asked yet.
    RestorePending => "restore_pending", "백업에서 되살린 장부입니다. 그 뒤의 결제를 PortOne에 모두 물어볼 때까지 새 충전을 시작하지 않습니다. 연결되면 자동으로 물어봅니다.";
    /// No folder was named for backups.
    BackupUnset => "backup_unset", "백업할 폴더가 정해지지 않았습니다. 설정에서 폴더를 정해 주세요. 장부는 그대로입니다.";
    /// The folder of the backups is not there.
    BackupNoFolder => "backup_no_folder", "백업 폴더를 찾을 수 없습니다. 저장 장치가 꽂혀 있는지 확인해 주세요. 백업하지 못했고, 장부는 그대로입니다.";
    /// No room for a backup.
    BackupNoRoom => "backup_no_room", "백업 폴더에 자리가 없어 백업하지 못했습니다. 자리를 만든 뒤 다시 해 주세요. 장부는 그대로입니다.";
    /// A backup could not be written or read.
    BackupFailed => "backup_failed", "백업 파일을 쓰거나 읽지 못했습니다. 폴더의 쓰기 권한을 확인해 주세요. 장부는 그대로입니다.";
    /// A backup was sealed for another key.
    BackupWrongKey => "backup_wrong_key", "이 컴퓨터의 열쇠로는 열 수 없는 백업입니다. 인쇄해 둔 복구 키를 넣어 주세요. 장부는 그대로입니다.";
    /// The end of a backup is missing.
    BackupTruncated => "backup_truncated", "백업 파일의 끝이 잘려 있습니다. 다른 백업을 골라 주세요. 장부는 그대로입니다.";
    /// A backup is damaged or was changed.
    BackupDamaged => "backup_damaged", "백업 파일이 깨졌거나 바뀌었습니다. 다른 백업을 골라 주세요. 장부는 그대로입니다.";
    /// No backup of ours.
    BackupNotOurs => "backup_not_ours", "Pointill의 백업 파일이 아닙니다. 장부는 그대로입니다.";
    /// A backup of another book.
    BackupOtherBook => "backup_other_book", "이 장부의 백업이 아닙니다. 다른 장부의 백업은 비어 있는 장부에서만 되살릴 수 있습니다. 장부는 그대로입니다.";
    /// A backup is no earlier state of the book.
    BackupNotPrefix => "backup_not_prefix", "백업의 기록이 지금 장부의 기록과 이어지지 않습니다. 같은 장부를 두 컴퓨터에서 쓰고 있지 않은지 확인해 주세요. 장부는 그대로입니다.";
    /// The text is no recovery key.
    RecoveryKeyBad => "recovery_key_bad", "복구 키가 맞지 않습니다. 글자를 다시 확인해 주세요. 저장하지 않았습니다.";
    /// The book has forgotten a person, and a file beside it not yet.
    ErasureUnfinished => "erasure_unfinished", "손님 정보는 장부에서 파기했습니다. 다만 이 컴퓨터에 함께 둔 파일까지는 마치지 못해 앱이 계속 시도합니다. 디스크와 키 보관소를 확인해 주세요. 포인트와 돈은 그대로입니다.";
    /// A fault of ours.
    Internal => "internal", "앱 안에서 문제가 생겼습니다. 같은 일을 다시 시도하면 두 번 기록되지 않습니다.";
}

/// What the counter itself refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant is the code of the same name, which is documented")]
pub enum Refusal {
    #[error("request: {0}")]
    BadRequest(String),
    #[error("no command `{0}`")]
    UnknownCommand(String),
    #[error("nobody knows about charge {0} yet")]
    FirstChargeUnknown(ledger::ChargeId),
    #[error("no whole amount")]
    BadAmount,
    #[error("below 100 won")]
    BelowMinimum,
    #[error("above the shop's limit")]
    AboveLimit,
    #[error("a text is too long or has control characters")]
    BadText,
    #[error("no settlement file: line {line}: {what}")]
    BadSettlementFile { line: usize, what: &'static str },
    #[error("setting `{0}` is out of range")]
    BadSetting(&'static str),
    #[error("needs a manager or the owner")]
    NotAllowed,
    #[error("a second person has to approve")]
    ApprovalNeeded,
    #[error("this person cannot approve")]
    ApprovalRefused,
    #[error("nobody is signed in")]
    SignedOut,
    #[error("no owner yet")]
    OwnerNeeded,
    #[error("PINs cannot be checked: the keyring is not there")]
    PinKeyring,
    #[error("PINs cannot be checked: their secret is not in the keyring")]
    PinSecretLost,
    #[error("the audit at start is not through")]
    BookAuditing,
    #[error("no channel was chosen")]
    ChannelMissing,
    #[error("the channel's sandbox is not the mode's")]
    ChannelWrongMode,
    #[error("no user code of the right form")]
    BadUserCode,
    #[error("a pay window is open")]
    WindowOpen,
    #[error("the mode cannot be entered")]
    ModeUnavailable,
    #[error("the file could not be written")]
    FileNotWritten,
    #[error("no room for the file")]
    NoRoomForFile,
    #[error("the pay page could not be opened")]
    CheckoutUnavailable,
    #[error("the data folder cannot be made or written")]
    DataFolder,
    #[error("no account to give back to")]
    BadAccount,
    #[error("nothing proves the transfer")]
    ProofMissing,
    #[error("no address of a proxy")]
    BadProxy,
    #[error("another file than was looked at")]
    OtherFile,
    #[error("a file that cannot be read")]
    BadFile,
    #[error("a file that is too large")]
    FileTooLarge,
    #[error("a file without the columns")]
    NoColumns,
    #[error("keyring: not there")]
    KeyringUnavailable,
    #[error("keyring: locked")]
    KeyringLocked,
    #[error("PortOne was not asked about what came after the backup")]
    RestorePending,
    #[error("no folder for backups")]
    BackupUnset,
    #[error("the folder or file is not there")]
    BackupNoFolder,
    #[error("no room for a backup")]
    BackupNoRoom,
    #[error("a backup could not be written or read")]
    BackupFailed,
    #[error("sealed for another key")]
    BackupWrongKey,
    #[error("the end of a backup is missing")]
    BackupTruncated,
    #[error("a backup is damaged or was changed")]
    BackupDamaged,
    #[error("no backup of ours")]
    BackupNotOurs,
    #[error("a backup of another book")]
    BackupOtherBook,
    #[error("the backup is no earlier state of the book")]
    BackupNotPrefix,
    #[error("no recovery key")]
    RecoveryKeyBad,
    #[error("forgotten in the book, and not yet in a file beside it")]
    ErasureUnfinished,
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The counter refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The book refuses or failed.
    #[error("book")]
    Ledger(#[from] LedgerError),
    /// The register of people refuses or failed.
    #[error("people")]
    People(#[from] PeopleError),
    /// PortOne could not be asked, or refused.
    #[error("gateway")]
    Gateway(#[from] GatewayError),
    /// A fault of ours: a thread is gone, a channel is closed.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl AppError {
    /// The code for the screen. There is no `_` on purpose: a new error must choose.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            AppError::Refused(refusal) => match refusal {
                Refusal::BadRequest(_) => ErrorCode::BadRequest,
                Refusal::UnknownCommand(_) => ErrorCode::UnknownCommand,
                Refusal::BadAmount => ErrorCode::BadAmount,
                Refusal::BelowMinimum => ErrorCode::BelowMinimum,
                Refusal::AboveLimit => ErrorCode::AboveLimit,
                Refusal::BadText => ErrorCode::BadText,
                Refusal::BadSettlementFile { .. } => ErrorCode::BadSettlementFile,
                Refusal::BadSetting(_) => ErrorCode::BadSetting,
                Refusal::FirstChargeUnknown(_) => ErrorCode::FirstChargeUnknown,
                Refusal::NotAllowed => ErrorCode::NotAllowed,
                Refusal::ApprovalNeeded => ErrorCode::ApprovalNeeded,
                Refusal::ApprovalRefused => ErrorCode::ApprovalRefused,
                Refusal::SignedOut => ErrorCode::SignedOut,
                Refusal::OwnerNeeded => ErrorCode::OwnerNeeded,
                Refusal::PinKeyring => ErrorCode::PinKeyring,
                Refusal::PinSecretLost => ErrorCode::PinSecretLost,
                Refusal::BookAuditing => ErrorCode::BookAuditing,
                Refusal::ChannelMissing => ErrorCode::ChannelMissing,
                Refusal::ChannelWrongMode => ErrorCode::ChannelWrongMode,
                Refusal::BadUserCode => ErrorCode::BadUserCode,
                Refusal::WindowOpen => ErrorCode::WindowOpen,
                Refusal::ModeUnavailable => ErrorCode::ModeUnavailable,
                Refusal::FileNotWritten => ErrorCode::FileNotWritten,
                Refusal::NoRoomForFile => ErrorCode::DiskFull,
                Refusal::CheckoutUnavailable => ErrorCode::CheckoutUnavailable,
                Refusal::DataFolder => ErrorCode::DataFolder,
                Refusal::BadProxy => ErrorCode::BadProxy,
                Refusal::BadAccount => ErrorCode::BadAccount,
                Refusal::ProofMissing => ErrorCode::ProofMissing,
                Refusal::OtherFile => ErrorCode::OtherFile,
                Refusal::BadFile => ErrorCode::BadFile,
                Refusal::FileTooLarge => ErrorCode::FileTooLarge,
                Refusal::NoColumns => ErrorCode::NoColumns,
                Refusal::KeyringUnavailable => ErrorCode::KeyringUnavailable,
                Refusal::KeyringLocked => ErrorCode::KeyringLocked,
                Refusal::RestorePending => ErrorCode::RestorePending,
                Refusal::BackupUnset => ErrorCode::BackupUnset,
                Refusal::BackupNoFolder => ErrorCode::BackupNoFolder,
                Refusal::BackupNoRoom => ErrorCode::BackupNoRoom,
                Refusal::BackupFailed => ErrorCode::BackupFailed,
                Refusal::BackupWrongKey => ErrorCode::BackupWrongKey,
                Refusal::BackupTruncated => ErrorCode::BackupTruncated,
                Refusal::BackupDamaged => ErrorCode::BackupDamaged,
                Refusal::BackupNotOurs => ErrorCode::BackupNotOurs,
                Refusal::BackupOtherBook => ErrorCode::BackupOtherBook,
                Refusal::BackupNotPrefix => ErrorCode::BackupNotPrefix,
                Refusal::RecoveryKeyBad => ErrorCode::RecoveryKeyBad,
                Refusal::ErasureUnfinished => ErrorCode::ErasureUnfinished,
            },
            AppError::People(error) => match error {
                PeopleError::OwnerExists => ErrorCode::OwnerExists,
                PeopleError::Unknown => ErrorCode::UnknownStaff,
                PeopleError::OwnerOnly => ErrorCode::OwnerOnly,
                PeopleError::LastOwner => ErrorCode::LastOwner,
                PeopleError::BadPin => ErrorCode::BadPin,
                PeopleError::WrongPin { .. } => ErrorCode::WrongPin,
                PeopleError::Wait { .. } => ErrorCode::PinWait,
                PeopleError::Locked => ErrorCode::PinLocked,
                PeopleError::Unreadable => ErrorCode::PeopleUnreadable,
                PeopleError::Ledger(error) => code_of(error),
            },
            AppError::Ledger(error) => code_of(error),
            AppError::Gateway(error) => match error {
                GatewayError::Unreachable(_) => ErrorCode::PortoneUnreachable,
                GatewayError::Busy { .. } => ErrorCode::PortoneBusy,
                GatewayError::KeysMissing => ErrorCode::KeysMissing,
                GatewayError::KeysRefused(_) => ErrorCode::KeysRefused,
                GatewayError::Refused { .. } => ErrorCode::PortoneRefused,
                GatewayError::Odd(_) => ErrorCode::PortoneOdd,
                GatewayError::KeyringUnavailable => ErrorCode::KeyringUnavailable,
                GatewayError::KeyringLocked => ErrorCode::KeyringLocked,
            },
            AppError::Internal(_) => ErrorCode::Internal,
        }
    }

    /// More for the screen, where there is some: the charge that came before, the first bad row, the PG's words.
    #[must_use]
    pub fn detail(&self) -> Option<serde_json::Value> {
        match self {
            AppError::Ledger(LedgerError::Broken { seq, fault }) => {
                Some(serde_json::json!({ "firstBad": { "seq": seq, "fault": fault } }))
            }
            AppError::Refused(Refusal::BadSetting(field))
            | AppError::Ledger(LedgerError::BadSetting(field)) => Some(serde_json::json!({ "field": field })),
            AppError::Refused(Refusal::BadSettlementFile { line, .. }) => {
                Some(serde_json::json!({ "line": line }))
            }
            AppError::Refused(Refusal::FirstChargeUnknown(charge))
            | AppError::Ledger(LedgerError::RecentSameCharge { charge }) => {
                Some(serde_json::json!({ "chargeId": charge }))
            }
            AppError::Ledger(LedgerError::NotEnoughPoints { balance }) => {
                Some(serde_json::json!({ "balance": balance }))
            }
            AppError::Ledger(LedgerError::WayClosed(closed)) => Some(serde_json::json!({ "closed": closed })),
            AppError::Gateway(GatewayError::Refused { message }) => {
                Some(serde_json::json!({ "said": message }))
            }
            AppError::Gateway(GatewayError::KeysRefused(message)) => {
                Some(serde_json::json!({ "said": message }))
            }
            AppError::People(PeopleError::WrongPin { wait_ms, locked }) => {
                Some(serde_json::json!({ "waitS": seconds(*wait_ms), "locked": locked }))
            }
            AppError::People(PeopleError::Wait { left_ms }) => {
                Some(serde_json::json!({ "waitS": seconds(*left_ms), "locked": false }))
            }
            AppError::Refused(_)
            | AppError::Ledger(_)
            | AppError::People(_)
            | AppError::Gateway(_)
            | AppError::Internal(_) => None,
        }
    }

    /// The whole chain of causes in one line, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut line = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            line.push_str(": ");
            line.push_str(&error.to_string());
            cause = error.source();
        }
        line
    }
}

/// Whole seconds, never too few of them.
fn seconds(ms: i64) -> i64 {
    ms.saturating_add(999) / 1000
}

/// The code of what a book says.
fn code_of(error: &LedgerError) -> ErrorCode {
    match error {
        LedgerError::UnknownMember => ErrorCode::UnknownMember,
        LedgerError::UnknownCharge => ErrorCode::UnknownCharge,
        LedgerError::UnknownTransaction => ErrorCode::UnknownTransaction,
        LedgerError::SameIdOtherContent => ErrorCode::IdConflict,
        LedgerError::PhoneTaken => ErrorCode::PhoneTaken,
        LedgerError::BadPhone => ErrorCode::BadPhone,
        LedgerError::BadName => ErrorCode::BadName,
        LedgerError::RecentSameCharge { .. } => ErrorCode::RecentSameCharge,
        LedgerError::NotEnoughPoints { .. } => ErrorCode::NotEnoughPoints,
        LedgerError::AlreadyUndone => ErrorCode::AlreadyUndone,
        LedgerError::NotUndoable => ErrorCode::NotUndoable,
        LedgerError::ChargeNeedsRefund => ErrorCode::ChargeNeedsRefund,
        LedgerError::AmountTooLarge => ErrorCode::AboveLimit,
        LedgerError::ZeroAmount => ErrorCode::BadAmount,
        LedgerError::FileImported => ErrorCode::FileImported,
        LedgerError::MemberHasClaim => ErrorCode::MemberHasClaim,
        LedgerError::BadSetting(_) => ErrorCode::BadSetting,
        LedgerError::NoSuchDebt => ErrorCode::NoSuchDebt,
        LedgerError::AccountNeeded => ErrorCode::RefundAccountNeeded,
        LedgerError::NoClaim => ErrorCode::RefundNoClaim,
        LedgerError::WayClosed(_) => ErrorCode::RefundWayClosed,
        LedgerError::RefundChanged => ErrorCode::RefundChanged,
        LedgerError::NothingToRefund => ErrorCode::NothingToRefund,
        LedgerError::UnknownRefund => ErrorCode::UnknownRefund,
        LedgerError::NothingToExtend => ErrorCode::NothingToExtend,
        LedgerError::NotLater => ErrorCode::NotLater,
        LedgerError::UnknownLot => ErrorCode::UnknownLot,
        LedgerError::OtherControlTotal => ErrorCode::OtherControlTotal,
        LedgerError::BadReason => ErrorCode::BadReason,
        LedgerError::AlreadyOpened => ErrorCode::AlreadyOpened,
        LedgerError::SameMember => ErrorCode::SameMember,
        LedgerError::MemberHasBalance => ErrorCode::MemberHasBalance,
        LedgerError::MemberBusy => ErrorCode::MemberBusy,
        LedgerError::MemberErased => ErrorCode::MemberErased,
        LedgerError::MemberMerged => ErrorCode::MemberMerged,
        LedgerError::BadDay => ErrorCode::BadDay,
        LedgerError::DayClosed => ErrorCode::DayClosed,
        LedgerError::CashNotCounted => ErrorCode::CashNotCounted,
        LedgerError::Broken { .. } | LedgerError::ReadOnly => ErrorCode::BookBroken,
        LedgerError::OtherBook { .. } => ErrorCode::BookOther,
        LedgerError::OtherShop { .. } => ErrorCode::WrongShop,
        LedgerError::Newer => ErrorCode::BookNewer,
        LedgerError::InUse => ErrorCode::BookInUse,
        LedgerError::DiskFull(_) => ErrorCode::DiskFull,
        LedgerError::Sqlite(_) | LedgerError::Migration(_) | LedgerError::Pragma { .. } => ErrorCode::Storage,
    }
}

/// A refusal as it crosses to the screen.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorBody {
    /// The code's word.
    pub code: &'static str,
    /// The code's Korean sentence.
    pub message: &'static str,
    /// More, where there is some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<serde_json::Value>,
}

impl From<&AppError> for ErrorBody {
    fn from(error: &AppError) -> ErrorBody {
        let code = error.code();
        ErrorBody { code: code.word(), message: code.sentence(), detail: error.detail() }
    }
}

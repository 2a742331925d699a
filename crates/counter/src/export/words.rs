//! The book's words in Korean, for files.

use ledger::{ChargeState, TransactionKind};

pub(super) const fn kind(kind: TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Loading => "충전",
        TransactionKind::Spending => "사용",
        TransactionKind::Refund => "환불",
        TransactionKind::Reversal => "되돌림",
        TransactionKind::Clawback => "회수",
        TransactionKind::Expiry => "소멸",
        TransactionKind::Adjustment => "조정",
        TransactionKind::Merge => "합치기",
        TransactionKind::Opening => "이관",
    }
}

pub(super) const fn state(state: ChargeState) -> &'static str {
    match state {
        ChargeState::Open => "결제 대기",
        ChargeState::AwaitingDeposit => "입금 대기",
        ChargeState::Unknown => "확인 중",
        ChargeState::Failed => "실패",
        ChargeState::Voided => "취소됨",
        ChargeState::Disputed => "확인 필요",
        ChargeState::Credited => "완료",
    }
}

/// How it was paid. A word that is not known is shown as it is, never hidden.
pub(super) fn method(word: &str) -> &str {
    match word {
        "card" => "카드",
        "trans" => "계좌이체",
        "vbank" => "무통장 입금",
        "phone" => "휴대폰",
        "kakaopay" => "카카오페이",
        "naverpay" => "네이버페이",
        "tosspay" => "토스페이",
        "payco" => "페이코",
        "samsungpay" => "삼성페이",
        "cash" => "현금",
        other => other,
    }
}

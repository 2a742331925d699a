// Written from Rust by `cargo xtask bindings`. Not edited by hand.

export type ErrorCode =
  | 'bad_request'
  | 'unknown_command'
  | 'bad_amount'
  | 'below_minimum'
  | 'above_limit'
  | 'bad_phone'
  | 'bad_name'
  | 'bad_text'
  | 'bad_day'
  | 'day_closed'
  | 'cash_not_counted'
  | 'bad_settlement_file'
  | 'bad_setting'
  | 'phone_taken'
  | 'unknown_member'
  | 'member_merged'
  | 'member_erased'
  | 'member_busy'
  | 'member_has_balance'
  | 'member_has_claim'
  | 'same_member'
  | 'already_opened'
  | 'bad_reason'
  | 'other_control_total'
  | 'other_file'
  | 'file_imported'
  | 'bad_file'
  | 'file_too_large'
  | 'no_columns'
  | 'unknown_charge'
  | 'unknown_transaction'
  | 'id_conflict'
  | 'recent_same_charge'
  | 'first_charge_unknown'
  | 'not_enough_points'
  | 'already_undone'
  | 'not_undoable'
  | 'charge_needs_refund'
  | 'unknown_lot'
  | 'not_later'
  | 'nothing_to_extend'
  | 'unknown_refund'
  | 'nothing_to_refund'
  | 'refund_changed'
  | 'refund_way_closed'
  | 'refund_no_claim'
  | 'refund_account_needed'
  | 'bad_account'
  | 'proof_missing'
  | 'no_such_debt'
  | 'not_allowed'
  | 'approval_needed'
  | 'approval_refused'
  | 'signed_out'
  | 'wrong_pin'
  | 'pin_wait'
  | 'pin_locked'
  | 'bad_pin'
  | 'owner_exists'
  | 'owner_needed'
  | 'owner_only'
  | 'last_owner'
  | 'unknown_staff'
  | 'people_unreadable'
  | 'pin_keyring'
  | 'pin_secret_lost'
  | 'book_auditing'
  | 'book_broken'
  | 'book_other'
  | 'book_newer'
  | 'book_in_use'
  | 'disk_full'
  | 'storage'
  | 'data_folder'
  | 'portone_unreachable'
  | 'portone_busy'
  | 'portone_refused'
  | 'portone_odd'
  | 'keys_missing'
  | 'keys_refused'
  | 'keyring_unavailable'
  | 'keyring_locked'
  | 'channel_missing'
  | 'channel_wrong_mode'
  | 'bad_user_code'
  | 'bad_proxy'
  | 'wrong_shop'
  | 'window_open'
  | 'mode_unavailable'
  | 'file_not_written'
  | 'checkout_unavailable'
  | 'restore_pending'
  | 'backup_unset'
  | 'backup_no_folder'
  | 'backup_no_room'
  | 'backup_failed'
  | 'backup_wrong_key'
  | 'backup_truncated'
  | 'backup_damaged'
  | 'backup_not_ours'
  | 'backup_other_book'
  | 'backup_not_prefix'
  | 'recovery_key_bad'
  | 'erasure_unfinished'
  | 'internal'

export const errorKo: Record<ErrorCode, string> = {
  bad_request: '요청을 읽을 수 없어 아무것도 하지 않았습니다.',
  unknown_command: '없는 명령입니다. 아무것도 하지 않았습니다.',
  bad_amount: '금액은 0보다 큰 정수여야 합니다. 아무것도 기록하지 않았습니다.',
  below_minimum: '100원보다 적은 금액은 PG에서 결제할 수 없습니다. 결제창을 열지 않았습니다.',
  above_limit: '매장이 정한 1회 충전 한도를 넘었습니다. 결제창을 열지 않았습니다.',
  bad_phone: '전화번호를 다시 확인해 주세요. 저장하지 않았습니다.',
  bad_name: '이름은 1자에서 40자까지 쓸 수 있습니다. 저장하지 않았습니다.',
  bad_text: '내용이 너무 길거나 쓸 수 없는 글자가 있습니다. 저장하지 않았습니다.',
  bad_day: '마감할 수 없는 날짜입니다. 아무것도 기록하지 않았습니다.',
  day_closed: '이미 마감한 날입니다. 마감한 내용은 바뀌지 않으며, 새 거래는 다음 날로 기록합니다.',
  cash_not_counted: '먼저 현금을 세어 입력해 주세요. 아직 비교하거나 마감하지 않았습니다.',
  bad_settlement_file: '정산 파일을 읽을 수 없습니다. 승인일자, 승인번호, 금액 열이 있는 CSV 파일인지 확인해 주세요. 아무것도 비교하지 않았습니다.',
  bad_setting: '설정값이 범위를 벗어났습니다. 저장하지 않았습니다.',
  phone_taken: '이 번호로 등록된 손님이 이미 있습니다. 번호로 찾아 주세요.',
  unknown_member: '등록되지 않은 손님입니다. 아무것도 기록하지 않았습니다.',
  member_merged: '다른 손님과 합친 손님입니다. 합친 손님의 카드에서 해 주세요. 아무것도 기록하지 않았습니다.',
  member_erased: '정보를 파기한 손님입니다. 아무것도 기록하지 않았습니다.',
  member_busy: '이 손님의 충전이나 입금, 환불이 아직 끝나지 않았습니다. 끝난 뒤에 다시 해 주세요. 아무것도 바꾸지 않았습니다.',
  member_has_balance: '포인트나 갚을 돈이 남아 있어 파기하지 않았습니다. 먼저 환불하거나, 손님이 포기했다면 조정으로 비워 주세요.',
  member_has_claim: '유효기간이 지났지만 환불해 드릴 수 있는 금액이 남아 있습니다. 환불 창구에서 먼저 돌려드리거나, 손님이 받지 않겠다고 하면 그렇게 표시하고 다시 해 주세요. 아무것도 지우지 않았습니다.',
  same_member: '같은 손님끼리는 합칠 수 없습니다. 아무것도 바꾸지 않았습니다.',
  already_opened: '이미 이관한 손님이 있습니다. 아무것도 기록하지 않았습니다. 파일을 다시 확인해 주세요.',
  bad_reason: '포인트를 더하면서 포기로 처리할 수는 없습니다. 사유를 다시 골라 주세요. 아무것도 기록하지 않았습니다.',
  other_control_total: '입력한 합계가 파일의 합계와 다릅니다. 한 건도 옮기지 않았습니다. 합계를 다시 확인해 주세요.',
  other_file: '미리 본 파일과 다른 파일입니다. 한 건도 옮기지 않았습니다. 파일을 다시 골라 주세요.',
  file_imported: '이미 잔액을 옮긴 파일입니다. 다시 옮기지 않았습니다. 남은 손님이 있으면 그 줄만 담은 파일로 옮겨 주세요.',
  bad_file: '읽을 수 없는 파일입니다. CSV나 XLSX로 저장한 파일을 골라 주세요. 아무것도 기록하지 않았습니다.',
  file_too_large: '파일이 너무 큽니다. 2만 줄, 2MB까지 읽을 수 있으니 나누어 주세요. 아무것도 기록하지 않았습니다.',
  no_columns: '첫 줄에서 이름, 전화번호, 포인트 열을 찾지 못했습니다. 열 제목을 확인해 주세요. 아무것도 기록하지 않았습니다.',
  unknown_charge: '장부에 없는 충전입니다.',
  unknown_transaction: '장부에 없는 거래입니다.',
  id_conflict: '같은 번호로 다른 내용이 이미 기록되어 있습니다. 아무것도 바꾸지 않았습니다.',
  recent_same_charge: '10분 안에 같은 손님, 같은 금액의 충전이 있습니다. 먼저 그 충전을 확인해 주세요.',
  first_charge_unknown: '먼저 한 충전의 결제 여부를 아직 모릅니다. 확인될 때까지 새로 결제하지 마세요. 자동으로 확인하고 있습니다.',
  not_enough_points: '포인트가 부족합니다. 사용하지 않았습니다.',
  already_undone: '이미 되돌린 거래입니다.',
  not_undoable: '사용한 포인트만 되돌릴 수 있습니다. 아무것도 바꾸지 않았습니다.',
  charge_needs_refund: '충전은 되돌리기가 아니라 환불로 처리해야 합니다. 포인트와 돈은 그대로입니다.',
  unknown_lot: '장부에 없는 묶음입니다. 아무것도 바꾸지 않았습니다.',
  not_later: '유효기간은 지금보다 뒤의 날짜로만 늘릴 수 있습니다. 기간과 포인트는 그대로입니다.',
  nothing_to_extend: '늘릴 기간이 없습니다. 기한이 없거나 남은 포인트가 없는 묶음입니다. 아무것도 바꾸지 않았습니다.',
  unknown_refund: '장부에 없는 환불입니다.',
  nothing_to_refund: '돌려드릴 금액이 없습니다. 포인트와 돈은 그대로입니다.',
  refund_changed: '그사이 포인트가 바뀌어 환불 금액이 달라졌습니다. 다시 계산했으니 확인해 주세요. 아직 환불하지 않았습니다.',
  refund_way_closed: '이 방법으로는 돌려드릴 수 없습니다. 다른 방법을 골라 주세요. 포인트와 돈은 그대로입니다.',
  refund_no_claim: '규정으로는 아직 환불을 요구할 수 없는 금액입니다. 매장이 호의로 돌려드리려면 관리자가 승인해 주세요. 아직 환불하지 않았습니다.',
  refund_account_needed: '가상계좌로 받은 돈은 손님 계좌로 돌려드립니다. 은행, 계좌번호, 예금주를 넣어 주세요. 아직 환불하지 않았습니다.',
  bad_account: '환불받을 계좌를 다시 확인해 주세요. 아직 환불하지 않았습니다.',
  proof_missing: '이체한 시각이나 이체 번호를 증빙으로 적어 주세요. 아직 기록하지 않았습니다.',
  no_such_debt: '받을 돈보다 큰 금액입니다. 아무것도 기록하지 않았습니다.',
  not_allowed: '이 일은 관리자만 할 수 있습니다.',
  approval_needed: '다른 사람의 승인이 필요합니다. 승인할 사람이 PIN을 넣으면 진행합니다. 아직 아무것도 하지 않았습니다.',
  approval_refused: '이 사람은 승인할 수 없습니다. 다른 관리자에게 부탁해 주세요. 아무것도 하지 않았습니다.',
  signed_out: '로그인한 사람이 없습니다. 이름을 고르고 PIN을 넣어 주세요. 아무것도 하지 않았습니다.',
  wrong_pin: 'PIN이 맞지 않습니다. 아무것도 하지 않았습니다.',
  pin_wait: 'PIN을 여러 번 틀려 잠시 기다려야 합니다. 조금 뒤에 다시 넣어 주세요. 아무것도 하지 않았습니다.',
  pin_locked: 'PIN을 너무 많이 틀려 잠겼습니다. 다른 관리자가 설정의 직원에서 풀어 주어야 합니다. 아무것도 하지 않았습니다.',
  bad_pin: 'PIN은 숫자 4~12자리이며, 0000이나 1234처럼 쉬운 번호는 쓸 수 없습니다. 저장하지 않았습니다.',
  owner_exists: '점주가 이미 등록되어 있습니다. 아무것도 바꾸지 않았습니다.',
  owner_needed: '먼저 점주의 이름과 PIN을 정해야 합니다. 그 뒤에 실제 장부를 열 수 있습니다. 아무것도 바꾸지 않았습니다.',
  owner_only: '점주만 할 수 있는 일입니다. 아무것도 바꾸지 않았습니다.',
  last_owner: '마지막 점주는 다른 역할로 바꾸거나 그만두게 할 수 없습니다. 먼저 다른 점주를 정해 주세요. 아무것도 바꾸지 않았습니다.',
  unknown_staff: '등록되지 않았거나 그만둔 직원입니다. 아무것도 하지 않았습니다.',
  people_unreadable: '직원 명부(staff.db)가 없거나 읽을 수 없어 아무도 들어올 수 없습니다. 장부와 포인트는 그대로이고, 시작한 결제는 자동으로 확인합니다. 점주에게 알려 주세요.',
  pin_keyring: '이 컴퓨터의 키 보관소를 쓸 수 없어 PIN을 확인하지 못했습니다. 키 보관소를 켜거나 잠금을 푼 뒤 다시 해 주세요. 아무것도 하지 않았습니다.',
  pin_secret_lost: 'PIN을 확인하는 열쇠가 이 컴퓨터의 키 보관소에 없습니다. 직원 명부를 다른 컴퓨터에서 옮겼거나 키 보관소가 지워졌을 수 있습니다. 아무것도 하지 않았습니다.',
  book_auditing: '장부를 점검하고 있습니다. 잠시 뒤 다시 시도해 주세요. 조회는 지금도 됩니다.',
  book_broken: '장부가 맞지 않아 읽기만 할 수 있습니다. 잔액은 볼 수 있습니다. 관리자에게 알려 주세요.',
  book_other: '다른 매장이나 다른 모드의 장부입니다. 열지 않았습니다.',
  book_newer: '더 새로운 버전이 만든 장부입니다. 앱을 업데이트해 주세요. 장부는 그대로입니다.',
  book_in_use: '다른 창에서 이 장부를 쓰고 있습니다. 그 창을 닫고 다시 열어 주세요.',
  disk_full: '디스크에 자리가 없어 기록하지 못했습니다. 자리를 만든 뒤 다시 시도해 주세요.',
  storage: '장부 파일을 쓰지 못했습니다. 같은 일을 다시 시도하면 두 번 기록되지 않습니다.',
  data_folder: '장부를 둘 폴더를 만들거나 쓸 수 없습니다. 폴더의 위치와 쓰기 권한을 확인해 주세요. 장부는 그대로입니다.',
  portone_unreachable: 'PortOne이 대답하지 않습니다. 새 결제는 시작하지 않았고, 이미 시작한 결제는 연결되면 자동으로 확인합니다.',
  portone_busy: 'PortOne이 바쁩니다. 새 결제는 시작하지 않았고, 이미 시작한 결제는 잠시 뒤 자동으로 다시 확인합니다.',
  portone_refused: 'PortOne이 요청을 받지 않았습니다. 포인트는 바뀌지 않았습니다.',
  portone_odd: 'PortOne의 답을 읽을 수 없습니다. 새 결제는 시작하지 않았고, 이미 시작한 결제는 자동으로 다시 확인합니다.',
  keys_missing: 'PortOne 키가 없습니다. 설정에서 먼저 연결해 주세요.',
  keys_refused: 'PortOne이 키를 받지 않습니다. 설정에서 키를 확인해 주세요. 포인트는 바뀌지 않았습니다.',
  keyring_unavailable: '이 컴퓨터의 키 보관소를 쓸 수 없습니다. 키를 저장하거나 꺼내지 못했고, 새 결제는 시작하지 않았습니다. 연습 모드는 쓸 수 있습니다.',
  keyring_locked: '키 보관소가 잠겨 있어 새 결제는 시작하지 않았습니다. 잠금을 풀고 다시 시도해 주세요. 연습 모드는 쓸 수 있습니다.',
  channel_missing: '결제 채널이 없습니다. 설정에서 채널을 골라 주세요.',
  channel_wrong_mode: '이 모드에서 쓸 수 없는 채널입니다. 결제창을 열지 않았습니다.',
  bad_user_code: '고객사 식별코드는 imp로 시작하는 영문과 숫자입니다. 저장하지 않았습니다.',
  bad_proxy: '프록시 주소는 http://주소:포트 형식이며 아이디와 비밀번호를 넣을 수 없습니다. 저장하지 않았습니다.',
  wrong_shop: '이 장부는 다른 고객사 식별코드의 것입니다. 아무것도 바꾸지 않았습니다.',
  window_open: '결제창이 열려 있습니다. 먼저 닫아 주세요.',
  mode_unavailable: '지금은 이 모드로 바꿀 수 없습니다.',
  file_not_written: '파일을 저장하지 못했습니다. 저장할 폴더의 쓰기 권한을 확인하고 다시 시도해 주세요. 장부는 그대로입니다.',
  checkout_unavailable: '결제창을 열지 못했습니다. 결제는 시작되지 않았습니다. 다시 시도해 주세요.',
  restore_pending: '백업에서 되살린 장부입니다. 그 뒤의 결제를 PortOne에 모두 물어볼 때까지 새 충전을 시작하지 않습니다. 연결되면 자동으로 물어봅니다.',
  backup_unset: '백업할 폴더가 정해지지 않았습니다. 설정에서 폴더를 정해 주세요. 장부는 그대로입니다.',
  backup_no_folder: '백업 폴더를 찾을 수 없습니다. 저장 장치가 꽂혀 있는지 확인해 주세요. 백업하지 못했고, 장부는 그대로입니다.',
  backup_no_room: '백업 폴더에 자리가 없어 백업하지 못했습니다. 자리를 만든 뒤 다시 해 주세요. 장부는 그대로입니다.',
  backup_failed: '백업 파일을 쓰거나 읽지 못했습니다. 폴더의 쓰기 권한을 확인해 주세요. 장부는 그대로입니다.',
  backup_wrong_key: '이 컴퓨터의 열쇠로는 열 수 없는 백업입니다. 인쇄해 둔 복구 키를 넣어 주세요. 장부는 그대로입니다.',
  backup_truncated: '백업 파일의 끝이 잘려 있습니다. 다른 백업을 골라 주세요. 장부는 그대로입니다.',
  backup_damaged: '백업 파일이 깨졌거나 바뀌었습니다. 다른 백업을 골라 주세요. 장부는 그대로입니다.',
  backup_not_ours: 'Pointill의 백업 파일이 아닙니다. 장부는 그대로입니다.',
  backup_other_book: '이 장부의 백업이 아닙니다. 다른 장부의 백업은 비어 있는 장부에서만 되살릴 수 있습니다. 장부는 그대로입니다.',
  backup_not_prefix: '백업의 기록이 지금 장부의 기록과 이어지지 않습니다. 같은 장부를 두 컴퓨터에서 쓰고 있지 않은지 확인해 주세요. 장부는 그대로입니다.',
  recovery_key_bad: '복구 키가 맞지 않습니다. 글자를 다시 확인해 주세요. 저장하지 않았습니다.',
  erasure_unfinished: '손님 정보는 장부에서 파기했습니다. 다만 이 컴퓨터에 함께 둔 파일까지는 마치지 못해 앱이 계속 시도합니다. 디스크와 키 보관소를 확인해 주세요. 포인트와 돈은 그대로입니다.',
  internal: '앱 안에서 문제가 생겼습니다. 같은 일을 다시 시도하면 두 번 기록되지 않습니다.',
}

export type GateReason =
  | 'foreign_order'
  | 'payment_used'
  | 'not_paid'
  | 'amount_mismatch'
  | 'currency_mismatch'
  | 'already_cancelled'
  | 'sandbox_mismatch'
  | 'channel_mismatch'
  | 'billing_key_issue'
  | 'paid_time_missing'
  | 'paid_time_outside'
  | 'second_payment'
  | 'member_erased'
  | 'cancelled_outside'

export const gateReasonKo: Record<GateReason, string> = {
  foreign_order: '다른 주문의 결제입니다. 적립하지 않았습니다.',
  payment_used: '이미 다른 충전에 쓰인 결제입니다. 두 번 적립하지 않았습니다.',
  not_paid: '아직 결제되지 않았습니다.',
  amount_mismatch: '요청한 금액과 결제된 금액이 다릅니다. 적립하지 않았습니다. 이 결제를 환불해 주세요.',
  currency_mismatch: '원화 결제가 아닙니다. 적립하지 않았습니다. 이 결제를 환불해 주세요.',
  already_cancelled: '일부 또는 전부가 이미 취소된 결제입니다. 적립하지 않았습니다.',
  sandbox_mismatch: '테스트 결제와 실제 결제가 섞였습니다. 적립하지 않았습니다.',
  channel_mismatch: '정해 둔 결제 채널로 들어온 결제가 아닙니다. 적립하지 않았습니다.',
  billing_key_issue: '정기결제 등록일 뿐 충전 결제가 아닙니다. 적립하지 않았습니다.',
  paid_time_missing: '결제 시각이 없는 결제입니다. 적립하지 않았습니다.',
  paid_time_outside: '충전을 시작하기 전이나 앞으로의 시각에 결제된 것으로 나옵니다. 적립하지 않았습니다.',
  second_payment: '같은 충전에 두 번 결제되었습니다. 한 번만 적립했으니 이 결제를 환불해 주세요.',
  member_erased: '정보를 파기한 손님의 결제입니다. 적립하지 않았습니다. 이 결제를 환불해 주세요.',
  cancelled_outside: '적립한 뒤에 이 앱 밖에서 취소된 결제입니다. 포인트는 아직 그대로입니다.',
}


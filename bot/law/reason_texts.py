"""The explanation of each reason code, for the privacy office. `{names}` are its params."""

from __future__ import annotations

from typing import Final

from bot.vocabulary import Locale

TEXTS: Final[dict[str, dict[Locale, str]]] = {
    "ruled_out": {
        "ja": "漏えい等がなかったことが確認されているため、報告の対象になりません。",
        "en": "It is established that there was no leak, loss or damage, so there is nothing to report.",
    },
    "own_intent": {
        "ja": "自社の意図による提供（又は合理的な理由による削除）は、漏えい・滅失に当たりません。"
        "第三者提供の同意の要否は別に確認してください。",
        "en": "Data provided on purpose, or deleted for a good reason, is neither leaked nor lost. "
        "Whether the provision needed consent is a separate question.",
    },
    "recovered_unread": {
        "ja": "第三者に閲覧される前に全てを回収したため、漏えいに当たりません。",
        "en": "All of it was recovered before any third party saw it, so it is no leak.",
    },
    "backup_exists": {
        "ja": "同じ内容のデータが別に保管されているため、滅失・毀損に当たりません。"
        "データを持ち出された疑いがあるときは、漏えいのおそれとして判断し直してください。",
        "en": "The same content is kept elsewhere, so it is neither lost nor damaged. "
        "If data may have been taken as well, assess it again as a suspected leak.",
    },
    "encrypted": {
        "ja": "高度な暗号化その他の必要な措置が講じられているため、報告の対象から除かれます。"
        "暗号の方式と鍵の管理の両方を記録してください。",
        "en": "High-grade encryption or a similar measure takes it out of the duty. "
        "Record both the cipher and how the key is kept.",
    },
    "pseudonymized": {
        "ja": "仮名加工情報である個人データには、法第26条は適用されません。",
        "en": "Article 26 does not apply to personal data that is pseudonymously processed information.",
    },
    "scattered_data": {
        "ja": "データベースを構成しない個人情報（散在情報）は個人データではなく、法第26条の対象外です。",
        "en": "Personal information in no database is not personal data, so Article 26 does not reach it.",
    },
    "planned_only_item3": {
        "ja": "個人データとして取り扱う予定の個人情報は、第3号（不正の目的）に限り報告の対象です。",
        "en": "Information only meant to become personal data is covered by item 3 (improper purpose) alone.",
    },
    "no_trigger": {
        "ja": "報告対象事態のいずれにも当たらないと考えられます。"
        "責任のある方が確認し、理由を記録してください。",
        "en": "None of the reportable situations seems to be met. "
        "A responsible person must confirm this and record the reasons.",
    },
    "not_over_1000": {
        "ja": "本人の数（{persons}）は1,000人を超えていません。ちょうど1,000人は該当しません。",
        "en": "The number of persons ({persons}) does not exceed 1,000; exactly 1,000 is not over.",
    },
    "over_1000": {
        "ja": "本人の数（{persons}）が1,000人を超えています。",
        "en": "The number of persons ({persons}) exceeds 1,000.",
    },
    "max_over_1000": {
        "ja": "本人の数（{persons}）は未確定ですが、可能性のある最大の人数が1,000人を超えるため該当します。",
        "en": "The number of persons ({persons}) is not fixed; the largest possible number exceeds 1,000, "
        "and that decides.",
    },
    "persons_unknown": {
        "ja": "本人の数（{persons}）の上限がわからないため、1,000人を超えるか判断できません。",
        "en": "Without an upper bound of the number of persons ({persons}) it cannot be decided whether it "
        "exceeds 1,000.",
    },
    "mn_over_100": {
        "ja": "マイナンバーに係る本人の数（{persons}）が100人を超えています。",
        "en": "The number of persons with My Number ({persons}) exceeds 100.",
    },
    "mn_max_over_100": {
        "ja": "マイナンバーに係る本人の数（{persons}）は未確定ですが、"
        "可能性のある最大の人数が100人を超えるため該当します。",
        "en": "The number of persons with My Number ({persons}) is not fixed; the largest possible number "
        "exceeds 100, and that decides.",
    },
    "mn_not_over_100": {
        "ja": "マイナンバーに係る本人の数（{persons}）は100人を超えていません。",
        "en": "The number of persons with My Number ({persons}) does not exceed 100.",
    },
    "mn_persons_unknown": {
        "ja": "マイナンバーに係る本人の数（{persons}）の上限がわからないため、"
        "100人を超えるか判断できません。",
        "en": "Without an upper bound of the number of persons "
        "with My Number ({persons}) it cannot be decided "
        "whether it exceeds 100.",
    },
    "mn_effort_report": {
        "ja": "番号法の報告義務には当たりませんが、"
        "ガイドラインは個人情報保護委員会へ報告するよう努めることを求めています。",
        "en": "No duty under the My Number Act, but the guideline asks for an effort to report to the PPC.",
    },
    "final_30": {
        "ja": "確報の期限は、知った日（{start}）を1日目とする30日目（{nominal}）です。",
        "en": "The final report is due on day 30 ({nominal}), the day of knowing ({start}) being day 1.",
    },
    "final_60_malicious": {
        "ja": "不正の目的のおそれがあるため、確報の期限は、"
        "知った日（{start}）を1日目とする60日目（{nominal}）です。"
        "ほかの号に同時に当たる場合も60日です。",
        "en": "Improper purpose is suspected: the final report "
        "is due on day 60 ({nominal}), the day of knowing "
        "({start}) being day 1, also where other items are met.",
    },
    "final_rolled": {
        "ja": "{nominal}は閉庁日のため、確報の期限は次の開庁日（{due}）になります。閉庁日: {closed}。",
        "en": "{nominal} is a closed day, so the final report is due on the next open day ({due}). "
        "Closed: {closed}.",
    },
    "preliminary_not_rolled": {
        "ja": "速報の目安の5日目（{limit}）は閉庁日ですが、目安には繰り延べの定めがないため、動かしません。",
        "en": "Day 5 of the preliminary guide ({limit}) is a closed day; the guide knows no roll-over, "
        "so it stays.",
    },
    "calendar_computed": {
        "ja": "期限（{due}）は、まだ公表されていない春分の日・秋分の日の計算に基づきます。"
        "公表後に確認してください。",
        "en": "The due date ({due}) rests on an equinox day that "
        "has not been announced yet. Check it once it is.",
    },
    "aware_converted_to_jst": {
        "ja": "日本時間以外で示された時刻を、日本時間の日付（{start}）に換算しました。",
        "en": "The time was not given in Japan time; it was "
        "converted to the calendar day in Japan ({start}).",
    },
    "clock_from_trigger_known_at": {
        "ja": "報告対象事態に当たることを後から知ったため、その日（{start}）を1日目とします。",
        "en": "That it is reportable became known later, so that day ({start}) is day 1.",
    },
    "malicious_unknown_short_clock": {
        "ja": "不正の目的の有無が不明なため、短い方の30日で数えます。"
        "おそれが生じたときは、当初の1日目から60日になります。",
        "en": "Whether there was an improper purpose is not known, "
        "so the shorter 30 days are counted. Once it is "
        "suspected, 60 days are counted from the same day 1.",
    },
    "suspected_counts": {
        "ja": "漏えい等の「おそれ」がある場合も、報告の対象です。",
        "en": "A suspected leak, loss or damage must be reported like a confirmed one.",
    },
    "protection_unknown": {
        "ja": "確認できていない事実（{facts}）は、ないものとして扱いました。",
        "en": "What has not been confirmed ({facts}) was treated as absent.",
    },
    "kind_unknown": {
        "ja": "漏えい・滅失・毀損の別がわからないため、回収や別の保管を理由に対象から除くことはできません。",
        "en": "It is not known whether it is leak, loss or damage, "
        "so recovery or a backup cannot exclude it yet.",
    },
    "processor_may_notify_controller": {
        "ja": "委託元・委託先の双方が報告義務を負い、連名で報告することもできます。"
        "委託先は、知った時から速やかに（目安は3〜5日以内）委託元へ通知すれば、"
        "報告と本人通知の義務を免除されます。",
        "en": "Controller and processor are both bound to report, and may report jointly. "
        "A processor that promptly notifies the controller "
        "(guide: within 3 to 5 days of knowing) is free "
        "of the report and of the individual notice.",
    },
    "processor_notified_class_open": {
        "ja": "委託元へは通知済みです。報告対象事態に当たるかが決まるまでは免除されたと断定せず、"
        "暫定の期限を残します。当たると判断された時に、委託先としての報告と本人通知は免除されます。",
        "en": "The controller has been notified. Until it is decided whether a reportable situation is met, "
        "exemption is not taken for granted and the provisional dates stay; once one is met, the processor "
        "is free of the report and the individual notice.",
    },
    "controller_told_by_processor": {
        "ja": "委託先からの通知で知ったときは、遅くともその通知が届いた日が1日目です"
        "（社内の誰かがそれより前に知っていれば、その日）。"
        "委託先が通知で免除される場合を除き、委託元・委託先の双方が報告義務を負い、"
        "連名で報告することもできます。",
        "en": "Where a processor's notice is how it became known, day 1 is at the latest the day on which "
        "that notice arrived (the day somebody in the company knew, if earlier). Unless the notice frees the "
        "processor, controller and processor are both bound to report, and may report jointly.",
    },
    "my_number_reported_apart": {
        "ja": "マイナンバーに係る報告は常に個人情報保護委員会へ提出します。"
        "所管の役所への報告とは別の報告として扱いました。",
        "en": "What concerns My Number always goes to the PPC. "
        "It was treated as a report apart from the one to the delegated authority.",
    },
    "my_number_same_form_unconfirmed": {
        "ja": "個人情報保護法と番号法の両方に当たります。個人情報保護委員会のフォームの最初の質問で"
        "「マイナンバーを含む」を選んで報告します。一つの報告が両方を兼ねるかは未確認です。"
        "提出時に委員会へ確認してください。",
        "en": "Both the APPI and the My Number Act ask for a report. In the PPC's form, answer first that "
        "My Number is included. Whether that one report serves both Acts is unconfirmed; "
        "ask the PPC when filing.",
    },
    "processor_exempt_notified": {
        "ja": "委託元へ通知したため、委託先としての報告と本人通知の義務は免除されます。",
        "en": "The controller has been notified, so the processor "
        "is free of the report and the individual notice.",
    },
    "delegated_authority": {
        "ja": "権限が委任されている業種のため、個人情報保護法の報告は{authority}に提出します。"
        "期限は同じです。",
        "en": "The receipt of reports is delegated in this line "
        "of business: report under the Act to {authority}, "
        "within the same time.",
    },
}

// Every word the page itself says, in Japanese and English; the person's own locale decides.

const WORDS = {
  ja: {
    channels: "チャンネル", direct: "ダイレクトメッセージ", apps: "アプリ", people: "だれの画面を見るか",
    you: "（自分）", app: "アプリ", members: "メンバー", members_count: "{n}人", pins: "ピン留め", pins_count: "ピン留め {n}件",
    thread: "スレッド", no_pins: "ピン留めされたメッセージはありません。", details: "くわしく",
    home: "ホーム", messages: "メッセージ", open_menu: "メニューを開く", close: "閉じる", back: "戻る", cancel: "キャンセル",
    submit: "送信", optional: "（任意）", only_you: "あなただけに表示されています", edited: "（編集済み）", today: "今日", yesterday: "昨日",
    new: "新着", replies: "{n}件の返信", reply_thread: "スレッドで返信", react: "リアクション", copy_text: "テキストをコピー", copied: "コピーしました",
    more: "その他の操作", message_to: "{name} へのメッセージ", reply_to: "返信する", send: "送信する", shortcuts: "ショートカット",
    commands: "コマンド", no_home: "ホームの内容はまだありません。", archived: "このチャンネルはアーカイブされています。",
    empty_channel: "ここが「{name}」のはじまりです。", empty_dm: "{name} さんとのやりとりがここに表示されます。", empty_self: "自分だけのメモとして使えます。",
    clock: "デモの時計", plus_hour: "+1時間", plus_day: "+1日", to_next: "次のお知らせまで", reset: "現在に戻す",
    nothing_ahead: "この先に予定されているお知らせはありません。", clock_fixed: "この時計は動かせません。", moved: "時計を {time} に進めました。", moved_back: "時計を現在に戻しました。",
    failed: "うまくいきませんでした。もう一度お試しください。", working: "処理しています", action_failed: "うまくいきませんでした",
    trouble: "接続に問題があります。もう一度お試しください。",
    reconnecting: "サーバーに再接続しています…", required: "入力してください。", choose: "選択してください。", pick: "選択する", search: "検索",
    too_short: "{n}文字以上で入力してください。", too_long: "{n}文字以内で入力してください。", not_number: "数字で入力してください。",
    too_small: "{n}以上で入力してください。", too_large: "{n}以下で入力してください。", not_integer: "整数で入力してください。", not_email: "メールアドレスの形で入力してください。",
    not_url: "URLの形で入力してください。", not_date: "日付を確かめてください。", not_time: "時刻を確かめてください。（例 21:10）", no_match: "見つかりませんでした",
    type_more: "あと{n}文字入力してください", loading: "読み込んでいます…", load_failed: "選択肢を読み込めませんでした", remove: "{name} を外す", clear: "選択を外す", date: "日付", time: "時刻",
    prev_month: "前の月", next_month: "次の月", add_file: "ファイルを追加", uploading: "アップロードしています…", upload_failed: "アップロードできませんでした", drop_file: "ここにファイルを置くこともできます",
    bold: "太字", italic: "斜体", strike: "取り消し線", code: "コード", bullets: "箇条書き", numbers: "番号付きリスト",
    joined: "が参加しました", left: "が退出しました", topic_set: "がトピックを設定しました：{topic}", topic_cleared: "がトピックを消しました", purpose_set: "が説明を設定しました：{topic}", pinned: "がメッセージをピン留めしました", renamed: "がチャンネル名を変更しました：{name}", archived_by: "がチャンネルをアーカイブしました", unarchived_by: "がチャンネルのアーカイブを解除しました", created: "がチャンネルを作成しました", pinned_mark: "ピン留めされたメッセージ",
    not_member: "このチャンネルのメンバーではないため、書き込めません。", language_short: "EN", error_shortcut: "アプリに届きませんでした。アプリが動いているか確かめてください。",
    begin: "ようこそ。あなたはいま「{name}」です。個人情報をなくしたかもしれない、という場面から始めましょう。", begin_action: "{command} を入力する",
    switch: "「{name}」に連絡が届いています。", switch_action: "{name}に切り替える", after: "時計を進めると、このあとのお知らせを先に見られます。", dismiss: "ヒントを消す",
    unread_of: "{name}、未読 {n}件", current_person: "{name}（いまの画面）", language: "English", jump: "最新のメッセージへ", violations: "Slackの規則に合わない呼び出し {n}件", channel_private: "非公開チャンネル", channel_public: "公開チャンネル",
    not_here: "この会話は表示できません。左の一覧から選んでください。", open_app: "{name} を開く", yes: "はい", no: "いいえ", bytes: "{n} バイト", everyone: "全員", private_channel: "非公開チャンネル", ago_minutes: "{n}分前", ago_hours: "{n}時間前", ago_days: "{n}日前", just_now: "たったいま", in_minutes: "{n}分後", in_hours: "{n}時間後", in_days: "{n}日後", main: "会話", skip: "メッセージの入力欄へ", choose_many: "選択（いくつでも）", characters_left: "あと{n}文字", you_are: "あなた",
  },
  en: {
    channels: "Channels", direct: "Direct messages", apps: "Apps", people: "Whose screen you see",
    you: " (you)", app: "APP", members: "Members", members_count: "{n} members", pins: "Pinned", pins_count: "{n} pinned",
    thread: "Thread", no_pins: "Nothing is pinned here.", details: "Details",
    home: "Home", messages: "Messages", open_menu: "Open menu", close: "Close", back: "Back", cancel: "Cancel",
    submit: "Submit", optional: " (optional)", only_you: "Only visible to you", edited: "(edited)", today: "Today", yesterday: "Yesterday",
    new: "New", replies: "{n} replies", reply_thread: "Reply in thread", react: "Add reaction", copy_text: "Copy text", copied: "Copied",
    more: "More actions", message_to: "Message {name}", reply_to: "Reply…", send: "Send", shortcuts: "Shortcuts",
    commands: "Commands", no_home: "There is nothing on Home yet.", archived: "This channel is archived.",
    empty_channel: "This is the very beginning of “{name}”.", empty_dm: "Your conversation with {name} will appear here.", empty_self: "A place for your own notes.",
    clock: "Demo clock", plus_hour: "+1 hour", plus_day: "+1 day", to_next: "To next reminder", reset: "Back to now",
    nothing_ahead: "No reminder lies ahead.", clock_fixed: "This clock cannot be moved.", moved: "The clock now says {time}.", moved_back: "The clock is back to now.",
    failed: "That did not work. Please try again.", working: "Working", action_failed: "This did not work",
    trouble: "We had some trouble connecting. Try again?",
    reconnecting: "Reconnecting to the server…", required: "Please fill this in.", choose: "Please choose.", pick: "Choose", search: "Search",
    too_short: "Please enter at least {n} characters.", too_long: "Please enter at most {n} characters.", not_number: "Please enter a number.",
    too_small: "Please enter {n} or more.", too_large: "Please enter {n} or less.", not_integer: "Please enter a whole number.", not_email: "Please enter an e-mail address.",
    not_url: "Please enter a URL.", not_date: "Please check the date.", not_time: "Please check the time (for example 21:10).", no_match: "Nothing found",
    type_more: "Type {n} more", loading: "Loading…", load_failed: "The choices could not be loaded", remove: "Remove {name}", clear: "Clear choice", date: "Date", time: "Time",
    prev_month: "Previous month", next_month: "Next month", add_file: "Add files", uploading: "Uploading…", upload_failed: "The upload failed", drop_file: "or drop files here",
    bold: "Bold", italic: "Italic", strike: "Strikethrough", code: "Code", bullets: "Bulleted list", numbers: "Numbered list",
    joined: " joined", left: " left", topic_set: " set the topic: {topic}", topic_cleared: " cleared the topic", purpose_set: " set the description: {topic}", pinned: " pinned a message", renamed: " renamed the channel to {name}", archived_by: " archived the channel", unarchived_by: " un-archived the channel", created: " created the channel", pinned_mark: "Pinned message",
    not_member: "You are not a member of this channel, so you cannot write here.", language_short: "日本", error_shortcut: "The app could not be reached. Is it running?",
    begin: "Welcome. You are “{name}” now. Let us begin at the moment you notice that personal data may be gone.", begin_action: "Type {command}",
    switch: "A message is waiting for “{name}”.", switch_action: "Switch to {name}", after: "Move the clock on to see what is said next.", dismiss: "Dismiss hint",
    unread_of: "{name}, {n} unread", current_person: "{name} (this screen)", language: "日本語", jump: "Jump to latest", violations: "{n} calls against Slack's rules", channel_private: "Private channel", channel_public: "Public channel",
    not_here: "This conversation cannot be shown. Choose one from the list.", open_app: "Open {name}", yes: "Yes", no: "No", bytes: "{n} bytes", everyone: "everyone", private_channel: "private channel", ago_minutes: "{n} min ago", ago_hours: "{n} h ago", ago_days: "{n} days ago", just_now: "just now", in_minutes: "in {n} min", in_hours: "in {n} h", in_days: "in {n} days", main: "Conversation", skip: "Skip to message box", choose_many: "Choose any number", characters_left: "{n} left", you_are: "You",
  },
};

let current = "ja";

/** The language of the page now: "ja" or "en". */
export const language = () => current;

/** Follow a person's locale ("ja", "ja-JP", "en-US", …). */
export function speak(locale) {
  current = String(locale || "ja").startsWith("ja") ? "ja" : "en";
  document.documentElement.lang = current;
}

/** The words for `key`, with `{name}` places filled in. */
export function t(key, places = {}) {
  const words = WORDS[current][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in places ? String(places[name]) : whole));
}

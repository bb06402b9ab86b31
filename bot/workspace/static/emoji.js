// The emoji people use at work, by their short names.

const TABLE = `
grinning 😀 smile 😄 grin 😁 joy 😂 slightly_smiling_face 🙂 blush 😊 wink 😉 thinking_face 🤔 neutral_face 😐
sweat_smile 😅 sweat 😓 cold_sweat 😰 cry 😢 sob 😭 scream 😱 relieved 😌 sleeping 😴 worried 😟 pensive 😔 bow 🙇
pray 🙏 clap 👏 raised_hands 🙌 wave 👋 muscle 💪 ok_hand 👌 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 point_right 👉
point_left 👈 point_up ☝️ point_down 👇 eyes 👀 raised_hand ✋ hand ✋ v ✌️ handshake 🤝 writing_hand ✍️ heart ❤️
sparkles ✨ tada 🎉 star ⭐ fire 🔥 zap ⚡ boom 💥 bulb 💡 100 💯 white_check_mark ✅ heavy_check_mark ✔️
ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ o ⭕ heavy_exclamation_mark ❗ exclamation ❗ question ❓
bangbang ‼️ warning ⚠️ rotating_light 🚨 no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 sos 🆘 information_source ℹ️
bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 speech_balloon 💬 mailbox 📫 email 📧 envelope ✉️ incoming_envelope 📨
outbox_tray 📤 inbox_tray 📥 phone ☎️ telephone_receiver 📞 iphone 📱 computer 💻 desktop_computer 🖥️ printer 🖨️
floppy_disk 💾 cd 💿 file_folder 📁 open_file_folder 📂 page_facing_up 📄 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋
bookmark_tabs 📑 books 📚 book 📖 newspaper 📰 paperclip 📎 pushpin 📌 round_pushpin 📍 link 🔗 scissors ✂️
lock 🔒 unlock 🔓 key 🔑 old_key 🗝️ closed_lock_with_key 🔐 lock_with_ink_pen 🔏 shield 🛡️ mag 🔍 mag_right 🔎
hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ clock9 🕘 watch ⌚ calendar 📅 date 📅
spiral_calendar_pad 🗓️ chart_with_upwards_trend 📈 bar_chart 📊 briefcase 💼 office 🏢 house 🏠 bank 🏦 hospital 🏥
police_car 🚓 ambulance 🚑 fire_engine 🚒 train 🚆 car 🚗 taxi 🚕 airplane ✈️ bust_in_silhouette 👤
busts_in_silhouette 👥 man-raising-hand 🙋‍♂️ robot_face 🤖 gear ⚙️ wrench 🔧 hammer 🔨 toolbox 🧰 package 📦
label 🏷️ wastebasket 🗑️ arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_forward ▶️ fast_forward ⏩
repeat 🔁 arrows_counterclockwise 🔄 heavy_plus_sign ➕ heavy_minus_sign ➖ red_circle 🔴 large_orange_circle 🟠
large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 white_circle ⚪ black_circle ⚫ large_blue_square 🟦
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ beginner 🔰 triangular_flag_on_post 🚩 checkered_flag 🏁 seedling 🌱 coffee ☕
tea 🍵 sunny ☀️ cloud ☁️ umbrella ☔ moon 🌙 new 🆕 ok 🆗 construction 🚧 hammer_and_wrench 🛠️ mortar_board 🎓
performing_arts 🎭 dart 🎯 jp 🇯🇵
`;

const words = TABLE.trim().split(/\s+/);
/** short name → character */
export const EMOJI = new Map();
for (let place = 0; place < words.length; place += 2) EMOJI.set(words[place], words[place + 1]);

/** The ones offered first as a reaction. */
export const QUICK = [
  "+1",
  "eyes",
  "white_check_mark",
  "pray",
  "bow",
  "warning",
  "tada",
  "heart",
  "pushpin",
  "memo",
  "mag",
  "telephone_receiver",
  "ok_hand",
];

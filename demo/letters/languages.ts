/** Letters in other languages of the city. People write in the language in which they can say it. */
type Foreign = {
  readonly language: string;
  readonly names: readonly string[];
  readonly happened: string;
  readonly wanted: string;
};

export const FOREIGN: readonly Foreign[] = [
  {
    language: "Welsh",
    names: ["Gwenllian Trahaearn", "Emrys ap Rhydderch"],
    happened:
      "Rwy'n ysgrifennu yn Gymraeg am mai dyna fy iaith gyntaf. Gofynnais am gael rhoi fy natganiad yn Gymraeg, a dywedwyd wrthyf nad oedd modd. Arhosais am dair wythnos am ateb i'm cwyn, a daeth y llythyr yn Saesneg yn unig, heb air am yr iaith. Nid wyf yn gofyn am lawer: dim ond cael fy neall yn iawn.",
    wanted: "Ymddiheuriad, a chael siarad â rhywun yn Gymraeg y tro nesaf.",
  },
  {
    language: "Polish",
    names: ["Bożena Gołębiewska", "Mieczysław Krawczyk"],
    happened:
      "Dzień dobry. Przepraszam, że piszę po polsku, ale tak potrafię to najlepiej opowiedzieć. Zgłosiłam kradzież roweru mojego syna. Policjant powiedział, że oddzwoni, ale nikt nie zadzwonił. Złożyłam skargę i po dwóch miesiącach dostałam list, z którego nic nie rozumiem. Nie chodzi mi o rower. Chodzi mi o to, żeby ktoś odpowiedział.",
    wanted: "Chciałabym dostać odpowiedź po polsku i dowiedzieć się, kto zajmuje się sprawą.",
  },
  {
    language: "Urdu",
    names: ["رخسانہ لودھی", "Ghulam Warraich"],
    happened:
      "السلام علیکم۔ میں نے تین مہینے پہلے پولیس میں شکایت درج کرائی تھی۔ میرے بیٹے کو بس اڈے پر روکا گیا اور اس کی تلاشی لی گئی، حالانکہ وہ صرف گھر آ رہا تھا۔ جواب میں جو خط آیا وہ انگریزی میں تھا اور اس میں تاریخ بھی غلط لکھی تھی۔ مہربانی فرما کر اس معاملے کو دوبارہ دیکھا جائے۔",
    wanted: "مجھے اردو میں جواب چاہیے، اور یہ کہ میرے بیٹے سے معافی مانگی جائے۔",
  },
  {
    language: "Punjabi",
    names: ["ਹਰਭਜਨ ਕੌਰ ਥਾਂਦੀ", "Gurdip Nijjar"],
    happened:
      "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ ਜੀ। ਮੇਰੀ ਦੁਕਾਨ ਦਾ ਸ਼ੀਸ਼ਾ ਦੋ ਵਾਰ ਤੋੜਿਆ ਗਿਆ। ਮੈਂ ਦੋਵੇਂ ਵਾਰ ਰਿਪੋਰਟ ਲਿਖਵਾਈ, ਪਰ ਕੋਈ ਵੇਖਣ ਨਹੀਂ ਆਇਆ। ਜਦੋਂ ਮੈਂ ਸ਼ਿਕਾਇਤ ਕੀਤੀ ਤਾਂ ਮੈਨੂੰ ਕਿਹਾ ਗਿਆ ਕਿ ਕੇਸ ਬੰਦ ਹੋ ਗਿਆ ਹੈ। ਮੈਂ ਪੰਜਾਹ ਸਾਲ ਤੋਂ ਇੱਥੇ ਰਹਿੰਦੀ ਹਾਂ।",
    wanted: "ਕਿਰਪਾ ਕਰਕੇ ਕੋਈ ਆ ਕੇ ਕੈਮਰੇ ਦੀ ਰਿਕਾਰਡਿੰਗ ਵੇਖੇ।",
  },
  {
    language: "Bengali",
    names: ["রোকেয়া তালুকদার", "Shafiqul Mozumder"],
    happened:
      "আমার মেয়েকে স্কুল থেকে ফেরার পথে কিছু ছেলে বিরক্ত করে। আমি পুলিশকে দুইবার জানিয়েছি। প্রথমবার একজন এসে কথা লিখে নিয়ে গেলেন, তারপর আর কোনো খবর নেই। আমরা এখন অন্য রাস্তা দিয়ে হাঁটি, তাতে আধা ঘণ্টা বেশি লাগে।",
    wanted: "কেউ যেন আমাদের সঙ্গে বাংলায় কথা বলেন।",
  },
  {
    language: "Arabic",
    names: ["سلوى الدرويش", "Ghassan El-Khoury"],
    happened:
      "تحية طيبة. كنت شاهدة على حادث سير، وأعطيت أقوالي مع مترجمة. بعد أسابيع قرأت ما كُتب باسمي فوجدت فيه ما لم أقله. طلبت التصحيح ثلاث مرات ولم يردّ عليّ أحد. لا أريد أن أسبّب مشكلة لأحد، أريد فقط أن تكون أقوالي صحيحة.",
    wanted: "تصحيح الأقوال، ونسخة منها بالعربية.",
  },
  {
    language: "Romanian",
    names: ["Ancuța Dumitrescu", "Costel Munteanu"],
    happened:
      "Bună ziua. Mi s-a spart mașina pe strada noastră și am sunat imediat. Mi s-a spus la telefon că vine cineva, dar nu a venit nimeni. La plângerea mea au răspuns că nu eram acasă. Eram acasă, am stat la fereastră toată seara.",
    wanted: "Să se corecteze ce scrie în răspuns și să primesc numărul dosarului pentru asigurare.",
  },
  {
    language: "Ukrainian",
    names: ["Оксана Бондарчук", "Taras Petrenko"],
    happened:
      "Доброго дня. Ми живемо тут другий рік. Сусід знизу кричить на мене і на дітей щоразу, коли ми йдемо сходами. Я зверталася до поліції чотири рази, і щоразу треба починати спочатку, бо приходить хтось інший. Я ще погано говорю англійською, вибачте.",
    wanted: "Одна людина, яка знає нашу справу, і перекладач по телефону.",
  },
  {
    language: "Somali",
    names: ["Hodan Warsame", "Liban Samatar"],
    happened:
      "Waxaan ahay hooyo leh afar carruur ah. Wiilkayga waxaa laga xaday taleefanka isagoo dugsiga ka imanaya. Booliisku way qoreen laakiin ilaa maanta cidna nama soo wicin. Waxaan rabaa in la i sheego waxa dhacaya.",
    wanted: "In qof af-Soomaali ku hadla uu i soo waco.",
  },
  {
    language: "Portuguese",
    names: ["Conceição Falcão", "Adérito Quaresma"],
    happened:
      "Boa tarde. Fui assaltado quando saía do trabalho, às cinco da manhã. O agente foi simpático, mas disse que sem testemunhas não valia a pena. Havia uma câmara mesmo por cima da porta. Fiz queixa e responderam-me com uma carta que era para outra pessoa.",
    wanted: "Que alguém veja as imagens da câmara, se ainda existirem.",
  },
  {
    language: "Chinese",
    names: ["郭慧嫻", "Siu-Fai Kwok"],
    happened:
      "您好。我在城裏開一間小餐館，窗戶三次被人打破，牆上也被寫了難聽的話。每次報警都說會有人來，結果都是過了好幾天才打電話來問。我太太現在不敢一個人關門。我寫過投訴信，回信說這不是仇恨罪行，可是牆上的字誰都看得懂。",
    wanted: "希望當作仇恨罪行處理，並且有會說廣東話的人聯絡我們。",
  },
  {
    language: "Turkish",
    names: ["Nevin Öztürk", "Cem Yıldız"],
    happened:
      "Merhaba. Annem yetmiş yaşında. Kapıyı çalıp polis olduklarını söyleyen iki kişi bileziklerini aldı. Gerçek polis ertesi gün geldi ve anneme neden kapıyı açtığını sordu. Annem o günden beri kimseye kapı açmıyor, bana bile.",
    wanted: "Anneme, suçun onda olmadığını Türkçe söyleyecek biri.",
  },
  {
    language: "British Sign Language gloss",
    names: ["Perpetua Nettleship"],
    happened:
      "ME DEAF FROM BIRTH. ENGLISH MY SECOND LANGUAGE, SORRY. POLICE COME MY DOOR, ME POINT EAR, SHAKE HEAD, HE SHOUT MORE. I write three times: interpreter please. Each time they bring pen. My complaint answered by telephone. I cannot telephone.",
    wanted: "Interpreter. Answer by video, in BSL.",
  },
];

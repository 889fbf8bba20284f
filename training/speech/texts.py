"""Texts to read aloud: seeded sentences from short word lists of our own and from invented words.

Invented words cover sound sequences that a small word list does not have; no text of others is used.
"""
import random

WORDS = {
    "en": """morning window people mother father paper bubble pepper summer winter apple water river mountain
        open close follow yellow blue green orange village power moment woman family remember forget before after
        hello welcome thank please maybe never always often under over between beyond seven eleven twenty five
        money market bread butter cheese coffee sugar simple music movie picture voice mouth lips teeth tongue
        whisper shout laugh smile speak listen answer question problem number value measure pleasure vision
        shoe chair church judge garage finger thumb think thing that those these weather feather father brother
        road boat home phone know show grow down town house about loud proud boy toy noise point oil early bird
        world word work girl first nurse car far farm dark heart start good book look foot put pull full bush
        quick queen quiet quite squirrel we will would were what when where why how you your use few view""",
    "de": """morgen abend wasser feuer mutter vater bruder schwester apfel blume baum wolke himmel sonne mond
        sprechen lachen schreiben lesen hören schön grün über unter zwischen immer niemals vielleicht gestern
        heute brot butter käse milch fisch pfeffer suppe möbel fenster brücke straße punkt frage antwort""",
    "fr": """bonjour maison fenêtre lumière papa maman petit beau jeune rouge bleu vert jaune pomme poire
        beurre fromage eau vin pain soleil lune nuage pluie montagne toujours jamais peut-être aujourd'hui
        demain parler écouter répondre question bouche langue femme homme enfant feu jeu oeuf boeuf""",
    "es": """mañana tarde noche agua fuego madre padre hermano amigo pueblo puerta ventana mesa silla libro
        palabra boca lengua hablar escuchar siempre nunca quizás rojo azul verde blanco negro pan queso uva
        manzana luna lluvia montaña camino bueno viejo joven mucho poco ayer hoy""",
    "it": """buongiorno sera notte acqua fuoco madre padre fratello amico popolo porta finestra tavolo libro
        parola bocca lingua parlare ascoltare sempre mai forse rosso blu verde bianco pane formaggio uva mela
        luna pioggia montagna strada vecchio giovane molto poco ieri oggi famiglia moglie bagno""",
    "pt": """manhã noite água fogo mãe pai irmão amigo povo porta janela mesa livro palavra boca língua falar
        ouvir sempre nunca talvez vermelho azul verde branco pão queijo uva maçã lua chuva montanha""",
    "nl": """morgen avond water vuur moeder vader broer vriend deur raam tafel boek woord mond tong spreken
        luisteren altijd nooit misschien rood blauw groen brood kaas appel maan regen berg huis buiten""",
    "pl": """dzień noc woda ogień matka ojciec brat przyjaciel drzwi okno stół książka słowo usta język mówić
        słuchać zawsze nigdy może czerwony niebieski zielony chleb ser jabłko księżyc deszcz góra""",
    "tr": """sabah akşam su ateş anne baba kardeş arkadaş kapı pencere masa kitap kelime ağız dil konuşmak
        dinlemek her zaman belki kırmızı mavi yeşil ekmek peynir elma ay yağmur dağ güzel büyük""",
    "fi": """aamu ilta vesi tuli äiti isä veli ystävä ovi ikkuna pöytä kirja sana suu kieli puhua kuunnella aina
        ehkä punainen sininen vihreä leipä juusto omena kuu sade vuori hyvä yö""",
}
ONSETS = ["", "b", "p", "m", "f", "v", "w", "t", "d", "n", "l", "s", "z", "k", "g", "r", "h", "sh", "ch", "pl", "br", "st", "gr"]
NUCLEI = ["a", "e", "i", "o", "u", "oo", "ee", "ai", "ou", "aa"]
CODAS = ["", "", "", "m", "n", "p", "b", "t", "s", "l", "f", "k"]


def invented_word(rng):
    return "".join(rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS) for _ in range(rng.choice([1, 2, 2, 3])))


def sentence(language, rng):
    """One sentence of 3-12 words; one word in four is invented."""
    words = WORDS.get(language, WORDS["en"]).split()
    picked = [invented_word(rng) if rng.random() < 0.25 else rng.choice(words) for _ in range(rng.randint(3, 12))]
    if len(picked) > 6 and rng.random() < 0.5:
        picked[len(picked) // 2] += ","
    return " ".join(picked) + rng.choice([".", ".", "!", "?"])


def stream(language, seed):
    """Endless sentences for one speaker."""
    rng = random.Random(seed)
    while True:
        yield sentence(language, rng)
